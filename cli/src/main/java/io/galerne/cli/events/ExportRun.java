package io.galerne.cli.events;

import io.galerne.cli.StopSignal;
import io.galerne.cli.Terminal;
import io.galerne.client.EventStream;
import io.galerne.client.HttpHook;
import io.galerne.client.Mistral;
import io.galerne.client.StreamEventsRequest;
import io.galerne.protocol.Json;
import io.galerne.protocol.StreamEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One run of `galerne export`.
final class ExportRun {
  /// A server reads what it has stored without such pauses.
  private static final Duration QUIET = Duration.ofSeconds(3);

  /// After this, it is worth to ask whether more is stored.
  private static final Duration SHORT_QUIET = Duration.ofSeconds(1);

  private final Export options;
  private final Terminal terminal;
  private final PrintWriter err;
  private final Progress progress;
  private final Head head = new Head();
  private long count;
  private long lastSequence;
  private @Nullable String lastEventId;

  ExportRun(Export options) {
    this.options = options;
    this.terminal = options.terminal.get();
    this.err = options.spec.commandLine().getErr();
    this.progress =
        new Progress(err, options.file != null && terminal.errorsAreSeen(), System::nanoTime);
  }

  /// Where events are written.
  interface Target {
    /// Writes an event.
    ///
    /// @return whether more is wanted
    boolean write(Json event) throws IOException;

    /// Shows others what was written.
    default void flush() throws IOException {}
  }

  /// The newest sequence of the log when the stream was opened first.
  private static final class Head implements HttpHook {
    private final CompletableFuture<OptionalLong> sequence = new CompletableFuture<>();

    @Override
    public void afterResponse(
        String operation, HttpRequest request, int status, HttpHeaders headers) {
      if (status == 200) {
        sequence.complete(headers.firstValueAsLong("galerne-head-sequence"));
      }
    }

    /// Empty where the server does not say.
    OptionalLong get() {
      return sequence.getNow(OptionalLong.empty());
    }
  }

  int run() throws Exception {
    Path file = options.file;
    if (file != null) {
      try (ExportFile target = ExportFile.open(file, options.reach.resume)) {
        export(target, target.last());
        progress.say(count + " events written to " + file);
      }
    } else if (options.reach.resume) {
      throw new IllegalArgumentException("--resume goes on with a file: say which");
    } else {
      PrintWriter out = options.spec.commandLine().getOut();
      export(new JsonLines(out, terminal.unicode())::print, Optional.empty());
    }
    return 0;
  }

  private void export(Target target, Optional<StreamEvent> after) throws Exception {
    lastSequence =
        after.map(StreamEvent::brokerSequence).orElse(Math.max(0, options.reach.startSeq - 1));
    lastEventId = after.map(event -> event.data().eventId()).orElse(null);
    ServerCalls.run(
        options.server,
        head,
        mistral -> {
          copy(mistral, target);
          return 0;
        });
  }

  /// Reads until nothing more comes, and where a list can tell, until it says that nothing is left.
  private void copy(Mistral mistral, Target target) throws IOException {
    ListedEnd end = new ListedEnd(options.filters);
    boolean quiet = read(mistral, target, end.isKnown() ? SHORT_QUIET : QUIET);
    if (quiet && !end.isKnown()) {
      endedInQuiet();
    }
    while (quiet && end.isKnown() && !end.isReachedWith(mistral, lastEventId)) {
      long before = lastSequence;
      quiet = read(mistral, target, QUIET);
      if (quiet && lastSequence == before) {
        endedInQuiet();
        return;
      }
    }
  }

  /// Reads a stream from where the export has come.
  ///
  /// @return whether it only ended because nothing came for so long
  private boolean read(Mistral mistral, Target target, Duration longestQuiet) throws IOException {
    try (EventStream stream = mistral.events().getStreamEvents(request());
        StopSignal _ = StopSignal.beforeExit(stream::close);
        QuietWatch quiet = new QuietWatch(longestQuiet, stream::close)) {
      Iterator<StreamEvent> events = stream.iterator();
      while (wantsMore() && hasNext(events, quiet)) {
        StreamEvent event = events.next();
        if (isBeyondEnd(event) || !target.write(event.json())) {
          break;
        }
        lastSequence = event.brokerSequence();
        lastEventId = event.data().eventId();
        count++;
        if (options.reach.follow) {
          target.flush();
        }
        progress.at(count);
      }
      target.flush(); // before the end that a signal may be waiting for
      return quiet.isOver();
    }
  }

  private StreamEventsRequest request() {
    StreamEventsRequest.Builder request =
        ServerCalls.streamRequest(options.filters)
            .startSeq(options.reach.startSeq)
            .listener(new ConnectionWords(err));
    if (lastEventId != null) {
      request.lastEventId(lastSequence);
    }
    return request.build();
  }

  private boolean wantsMore() {
    return options.reach.follow || head.get().isEmpty() || lastSequence < head.get().getAsLong();
  }

  private boolean isBeyondEnd(StreamEvent event) {
    return !options.reach.follow
        && head.get().isPresent()
        && event.brokerSequence() > head.get().getAsLong();
  }

  private boolean hasNext(Iterator<StreamEvent> events, QuietWatch quiet) {
    return options.reach.follow ? events.hasNext() : quiet.during(events::hasNext);
  }

  /// The end of the log may be events that do not match, or of another namespace. Where no list tells
  /// that all that matches has come either, only that says so that nothing comes.
  private void endedInQuiet() {
    String known =
        head.get().isPresent()
            ? "the server's log goes on to " + head.get().getAsLong()
            : "the server does not say where its log ends";
    progress.say(
        "galerne: ended "
            + (lastSequence == 0 ? "" : "behind sequence " + lastSequence + " ")
            + ("after " + QUIET.toSeconds() + " s in which nothing more came; " + known));
  }
}
