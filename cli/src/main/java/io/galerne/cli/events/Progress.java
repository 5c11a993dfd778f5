package io.galerne.cli.events;

import io.galerne.cli.Plural;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;

/// How many events are done, on one line of a terminal that is written over and over. Safe for use
/// by several threads.
final class Progress {
  private static final Duration BETWEEN = Duration.ofMillis(200);

  private final PrintWriter err;
  private final boolean shown;
  private final LongSupplier nanoTime;
  private long lastShown;
  private int width;

  /// @param shown whether somebody looks
  Progress(PrintWriter err, boolean shown, LongSupplier nanoTime) {
    this.err = err;
    this.shown = shown;
    this.nanoTime = nanoTime;
    this.lastShown = nanoTime.getAsLong();
  }

  /// So many are done.
  synchronized void at(long events) {
    long now = nanoTime.getAsLong();
    if (shown && now - lastShown >= BETWEEN.toNanos()) {
      lastShown = now;
      write(Plural.of(events, "event"));
    }
  }

  /// Says something that stays.
  synchronized void say(String line) {
    if (width > 0) {
      write("");
      err.print('\r');
      width = 0;
    }
    err.println(line);
    err.flush();
  }

  private void write(String text) {
    err.print('\r' + text + " ".repeat(Math.max(0, width - text.length())));
    err.flush();
    width = text.length();
  }
}
