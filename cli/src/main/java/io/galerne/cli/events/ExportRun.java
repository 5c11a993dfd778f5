package io.galerne.cli.events;

import io.galerne.cli.CommandFailedException;
import io.galerne.cli.Plural;
import io.galerne.cli.ReaderWatch;
import io.galerne.cli.StandardOutput;
import io.galerne.cli.StopSignal;
import io.galerne.cli.Terminal;
import io.galerne.client.Mistral;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.StreamEventsRequest;
import io.galerne.protocol.Json;
import io.galerne.protocol.StreamEvent;
import io.galerne.server.files.FileFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One run of `galerne export`.
final class ExportRun {
  /// Longer than a server's pauses between stored events.
  private static final Duration QUIET = Duration.ofSeconds(3);

  /// After this silence, a list is read to find out whether more is stored.
  private static final Duration SHORT_QUIET = Duration.ofSeconds(1);

  private final Export options;
  private final Terminal terminal;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Progress progress;
  private final LogBounds bounds = new LogBounds();
  private long count;
  private long lastSequence;
  private @Nullable String lastEventId;

  ExportRun(Export options) {
    this.options = options;
    this.terminal = options.shell.terminal();
    this.out = options.spec.commandLine().getOut();
    this.err = options.spec.commandLine().getErr();
    this.progress =
        new Progress(err, options.file != null && terminal.errorsAreSeen(), System::nanoTime);
  }

  /// The destination of the events.
  interface Target {
    /// Writes an event.
    ///
    /// @return whether it was written
    boolean write(Json event) throws IOException;

    /// Flushes the written events to the system.
    default void flush() throws IOException {}
  }

  int run() throws Exception {
    Path file = options.file;
    if (file != null) {
      export(file);
      progress.say(Plural.of(count, "event") + " written to " + file);
    } else if (options.reach.resume) {
      throw new IllegalArgumentException("--resume continues a file: name it");
    } else {
      export(new JsonLines(out, terminal.unicode())::print, mistral -> {});
    }
    return 0;
  }

  private void export(Path file) throws Exception {
    try (ExportFile target = ExportFile.open(file, options.reach.resume)) {
      Optional<StreamEvent> last =
          target.last().filter(event -> event.brokerSequence() >= options.reach.startSeq);
      lastSequence = last.map(StreamEvent::brokerSequence).orElse(0L);
      lastEventId = last.map(event -> event.data().eventId()).orElse(null);
      export(
          target,
          mistral ->
              last.ifPresent(
                  event -> new ResumeCheck(file, event, bounds, words()).require(mistral)));
    } catch (IOException e) {
      throw new CommandFailedException(
          file
              + " cannot be written: "
              + FileFailure.reason(e)
              + (count == 0 ? "" : "; once it can, continue with --resume"),
          e);
    }
  }

  private void export(Target target, Consumer<Mistral> check) throws Exception {
    lastSequence = Math.max(lastSequence, options.reach.startSeq - 1);
    ServerCalls.run(
        options.shell,
        options.server,
        List.of(bounds, new CallRetries(progress::say)),
        mistral -> {
          check.accept(mistral);
          copy(mistral, target);
          return 0;
        });
  }

  /// Reads until the stream falls silent or, if a list can confirm it, until nothing more is
  /// stored.
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

  /// Reads a stream from the export's position.
  ///
  /// @return whether it ended only because of the silence
  private boolean read(Mistral mistral, Target target, Duration longestQuiet) throws IOException {
    try (EventStream stream = mistral.events().getStreamEvents(request());
        StopSignal _ = StopSignal.beforeExit(stream::close);
        ReaderWatch _ = readerWatch(stream);
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
      target.flush(); // before the process ends on a signal
      return quiet.isOver();
    }
  }

  private ReaderWatch readerWatch(EventStream stream) {
    return options.file == null
        ? StandardOutput.onReaderGone(out, stream::close)
        : ReaderWatch.none();
  }

  private ConnectionWords words() {
    return new ConnectionWords(err, options.server);
  }

  private StreamEventsRequest request() {
    StreamEventsRequest.Builder request =
        ServerCalls.streamRequest(options.filters)
            .startSeq(options.reach.startSeq)
            .listener(words());
    if (lastEventId != null) {
      request.lastEventId(lastSequence);
    }
    return request.build();
  }

  private boolean wantsMore() {
    return options.reach.follow
        || bounds.head().isEmpty()
        || lastSequence < bounds.head().getAsLong();
  }

  private boolean isBeyondEnd(StreamEvent event) {
    return !options.reach.follow
        && bounds.head().isPresent()
        && event.brokerSequence() > bounds.head().getAsLong();
  }

  private boolean hasNext(Iterator<StreamEvent> events, QuietWatch quiet) {
    return options.reach.follow ? events.hasNext() : quiet.during(events::hasNext);
  }

  /// The log may end with events that do not match, or of another namespace. If no list can confirm
  /// that every match arrived, silence is the only evidence.
  private void endedInQuiet() {
    String known =
        bounds.head().isPresent()
            ? "the server's log ends at " + bounds.head().getAsLong()
            : "the server does not say where its log ends";
    progress.say(
        "galerne: ended "
            + (lastSequence == 0 ? "" : "at sequence " + lastSequence + " ")
            + ("after " + QUIET.toSeconds() + " s without another event; " + known));
  }
}
