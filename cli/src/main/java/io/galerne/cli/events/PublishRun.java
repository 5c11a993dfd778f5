package io.galerne.cli.events;

import io.galerne.cli.CommandFailedException;
import io.galerne.cli.Plural;
import io.galerne.cli.Shell;
import io.galerne.cli.print.ExactTree;
import io.galerne.client.Mistral;
import io.galerne.client.error.ApiException;
import io.galerne.client.error.InvalidRequestException;
import io.galerne.client.error.MistralException;
import io.galerne.client.publish.BatchingPublisher;
import io.galerne.client.publish.OutgoingEvent;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import io.galerne.protocol.StreamEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// One run of `galerne publish` or `galerne import`: reads lines on the calling thread, and
/// receives their results on the publisher's.
final class PublishRun {
  /// After this many refused lines, the run ends: the rest will hardly be better.
  private static final int MOST_REFUSALS = 100;

  /// Statuses that blame the content of a line.
  private static final Set<Integer> AT_FAULT = Set.of(413, 422);

  /// The longest wait, after a failure, for events under way.
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final Shell shell;
  private final ServerOptions server;
  private final Progress progress;

  // Written by the reading thread, then by the publisher's.
  private final AtomicLong published = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong lastSequence = new AtomicLong();

  /// Whether the server has answered. Used by the reading thread.
  private boolean reached;

  /// Completed with the failure after which nothing more is sent.
  private final CompletableFuture<RuntimeException> failure = new CompletableFuture<>();

  PublishRun(CommandSpec command, Shell shell, ServerOptions server) {
    PrintWriter err = command.commandLine().getErr();
    this.shell = shell;
    this.server = server;
    this.progress = new Progress(err, shell.terminal().errorsAreSeen(), System::nanoTime);
  }

  /// The content of a line.
  ///
  /// @param sequence the event's sequence in the file of an import; 0 otherwise
  private record Line(OutgoingEvent event, long sequence) {}

  private interface LineReader {
    /// @return null if the line is to be skipped
    @Nullable Line read(String line);
  }

  /// Publishes bare events, or events with stream and metadata.
  int publish(List<String> files) throws Exception {
    try {
      run(files, PublishRun::event);
    } catch (CommandFailedException e) {
      throw published.get() == 0
          ? e
          : new CommandFailedException(
              e.getMessage()
                  + (". Stored so far: " + Plural.of(published.get(), "event"))
                  + "; run it again later: no event is stored twice",
              e);
    }
    return summary();
  }

  /// Publishes stream events.
  int importFrom(List<String> files, long startSequence) throws Exception {
    try {
      run(files, line -> streamEvent(line, startSequence));
    } catch (CommandFailedException e) {
      throw lastSequence.get() == 0
          ? e
          : new CommandFailedException(
              e.getMessage()
                  + (". Imported up to sequence " + lastSequence)
                  + ("; to continue, give --start-seq " + (lastSequence.get() + 1)),
              e);
    }
    return summary();
  }

  private int summary() {
    progress.say(
        Plural.of(published.get(), "event")
            + " published"
            + (refused.get() == 0 ? "" : ", " + Plural.of(refused.get(), "line") + " refused"));
    return refused.get() == 0 ? 0 : 1;
  }

  private void run(List<String> files, LineReader reader) throws Exception {
    ServerCalls.run(
        shell,
        server,
        List.of(new CallRetries(progress::say)),
        mistral -> {
          try (BatchingPublisher publisher =
              mistral
                  .events()
                  .batchingPublisher(with ->
                      with.retries(CallRetries.OF_ANSWERS_AND_CONNECTIONS)
                          .closeTimeout(CLOSE_TIMEOUT))) {
            for (String file : files.isEmpty() ? List.of("-") : files) {
              sendAll(file, reader, mistral, publisher);
            }
            CompletableFuture.anyOf(publisher.flush(), failure).join();
          }
          if (failure.isDone()) {
            throw failure.join();
          }
          return 0;
        });
  }

  private void sendAll(String file, LineReader reader, Mistral mistral, BatchingPublisher publisher)
      throws IOException, InterruptedException {
    try (Lines lines = Lines.of(file)) {
      for (String text = lines.next(); text != null && goesOn(); text = lines.next()) {
        Lines.Place place = lines.place();
        Line line = read(text, place, reader);
        if (line == null) {
          continue;
        }
        if (reached) {
          publisher.send(line.event()).whenComplete((done, failed) -> settled(line, place, failed));
        } else {
          sendFirst(line, place, mistral);
        }
      }
    }
  }

  private boolean goesOn() {
    return !failure.isDone() && refused.get() < MOST_REFUSALS;
  }

  private @Nullable Line read(String text, Lines.Place place, LineReader reader) {
    try {
      return reader.read(text);
    } catch (MalformedEventException | JacksonException e) {
      refused(place, "this is not an event: " + e.getMessage());
      return null;
    }
  }

  /// Sends one event alone, so that a missing server or key is reported at once.
  private void sendFirst(Line line, Lines.Place place, Mistral mistral) {
    try {
      mistral
          .events()
          .sendEvent(request ->
              request
                  .event(line.event())
                  .options(options -> options.retries(CallRetries.OF_ANSWERS)));
      settled(line, place, null);
    } catch (MistralException e) {
      settled(line, place, e);
    }
    reached = true;
  }

  private void settled(Line line, Lines.Place place, @Nullable Throwable failed) {
    if (failed == null) {
      progress.at(published.incrementAndGet());
      if (!failure.isDone()) {
        lastSequence.set(line.sequence());
      }
    } else if (failed instanceof InvalidRequestException invalid && !invalid.faults().isEmpty()) {
      refused(place, String.join("; ", invalid.faults().stream().map(PublishRun::fault).toList()));
    } else if (failed instanceof ApiException refusal && AT_FAULT.contains(refusal.status())) {
      refused(place, ServerFailure.refusal(refusal, server));
    } else {
      failure.complete(
          failed instanceof RuntimeException known ? known : new IllegalStateException(failed));
    }
  }

  /// Returns the fault and its place within the event, without the request around it.
  private static String fault(InvalidRequestException.Fault error) {
    List<String> loc = error.loc();
    String carrier = loc.size() > 1 ? loc.get(1) : "";
    int skipped = carrier.equals("events") ? 3 : carrier.equals("event") ? 2 : 0;
    List<String> within = loc.subList(Math.min(skipped, loc.size()), loc.size());
    return within.isEmpty() ? error.msg() : String.join(".", within) + ": " + error.msg();
  }

  private void refused(Lines.Place place, String why) {
    progress.say("galerne: " + place + ": " + why.replaceAll("\\s+", " "));
    if (refused.incrementAndGet() == MOST_REFUSALS) {
      progress.say("galerne: " + MOST_REFUSALS + " lines were refused; the rest was not sent");
    }
  }

  private static Line event(String text) {
    Json line = Json.of(text);
    JsonNode json = ExactTree.of(line);
    if (!json.isObject()) {
      throw new MalformedEventException("it is not a JSON object", null);
    } else if (!json.path("event").isObject()) {
      return new Line(OutgoingEvent.of(line), 0);
    }
    Map<String, Json> metadata = new LinkedHashMap<>();
    json.path("metadata").forEachEntry((name, value) -> metadata.put(name, Json.ofValue(value)));
    JsonNode stream = json.path("stream");
    return new Line(
        new OutgoingEvent(
            Json.ofValue(json.path("event")),
            stream.isString() ? stream.stringValue() : null,
            metadata),
        0);
  }

  private static @Nullable Line streamEvent(String text, long startSequence) {
    StreamEvent event = EventReader.streamEvent(text);
    if (event.brokerSequence() < startSequence) {
      return null;
    }
    return new Line(
        new OutgoingEvent(
            event.data().json(),
            event.stream().isEmpty() ? null : event.stream(),
            event.metadata()),
        event.brokerSequence());
  }
}
