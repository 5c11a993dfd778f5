package io.galerne.cli.runs;

import io.galerne.client.error.ConnectionException;
import io.galerne.client.error.MistralException;
import io.galerne.client.error.RequestTimeoutException;
import io.galerne.client.runs.Run;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/// Lists runs repeatedly.
final class RunWatch {
  /// Often enough for people, and rarely enough for a server that many people watch.
  static final Duration INTERVAL = Duration.ofSeconds(2);

  private final Supplier<List<Run>> look;
  private final View view;
  private final Function<MistralException, String> words;

  /// The output of a watch.
  interface View {
    /// Shows the current runs.
    ///
    /// @return whether the output still has a reader
    boolean show(List<Run> runs);

    /// Reports that the server cannot be reached now.
    void lost(String why);
  }

  /// @param words describes why the server cannot be reached
  RunWatch(Supplier<List<Run>> look, View view, Function<MistralException, String> words) {
    this.look = look;
    this.view = view;
    this.words = words;
  }

  /// Returns at the end, or when the output has no reader any more. After its first answer, the
  /// server may become unreachable for a while.
  ///
  /// @throws MistralException if the server refuses, or does not answer the first time
  void untilEnd(CountDownLatch end) throws InterruptedException {
    boolean answered = false;
    boolean lost = false;
    do {
      try {
        if (!view.show(look.get())) {
          return;
        }
        answered = true;
        lost = false;
      } catch (ConnectionException | RequestTimeoutException e) {
        if (!answered) {
          throw e;
        } else if (!lost) {
          view.lost(words.apply(e) + "; looking again every " + INTERVAL.toSeconds() + " s");
          lost = true;
        }
      }
    } while (!end.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
  }
}
