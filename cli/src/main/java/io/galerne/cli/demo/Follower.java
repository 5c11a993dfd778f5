package io.galerne.cli.demo;

import io.galerne.protocol.EventReader;
import io.galerne.protocol.SseMessage;
import io.galerne.protocol.SseParser;
import io.galerne.protocol.StreamEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// Follows a server over its event stream, from the first event it has.
final class Follower implements AutoCloseable {
  /// The answer begins at once, however long the stream then lasts; one that takes this long never
  /// comes.
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);

  private static final int READ_BYTES = 16 * 1024;

  private final InputStream stream;
  private final Consumer<StreamEvent> events;
  private final Consumer<String> brokenOff;
  private volatile boolean closed;

  private Follower(InputStream stream, Consumer<StreamEvent> events, Consumer<String> brokenOff) {
    this.stream = stream;
    this.events = events;
    this.brokenOff = brokenOff;
  }

  /// Starts to follow; returns once the stream is open.
  ///
  /// @param events takes each event, in order, on a thread of its own
  /// @param brokenOff is told why, on the same thread, where the stream ends before it is closed
  ///     here
  /// @throws IllegalStateException where the server does not open a stream
  static Follower start(
      HttpClient http, URI server, Consumer<StreamEvent> events, Consumer<String> brokenOff)
      throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/v1/workflows/events/stream"))
            .header("Accept", "text/event-stream")
            .build();
    try {
      HttpResponse<InputStream> answer =
          http.sendAsync(request, BodyHandlers.ofInputStream())
              .get(LONGEST_ANSWER.toSeconds(), TimeUnit.SECONDS);
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(
            "the server did not open its stream: it answered " + answer.statusCode());
      }
      Follower follower = new Follower(answer.body(), events, brokenOff);
      Thread.ofPlatform().name("galerne-demo-follower").daemon().start(follower::read);
      return follower;
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the server at " + server + " does not answer: " + e, e);
    }
  }

  private void read() {
    SseParser parser = new SseParser(this::take);
    byte[] bytes = new byte[READ_BYTES];
    try {
      for (int count = stream.read(bytes); count >= 0; count = stream.read(bytes)) {
        parser.feed(bytes, 0, count);
      }
      breakOff("the stream ended");
    } catch (IOException | RuntimeException e) {
      breakOff("the stream broke off: " + e);
    }
  }

  private void take(SseMessage message) {
    if (message.event().isPresent()) {
      throw new IllegalStateException(message.event().get() + " " + message.data());
    }
    events.accept(EventReader.streamEvent(message.data()));
  }

  private void breakOff(String reason) {
    if (!closed) {
      brokenOff.accept(reason);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      stream.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the stream could not be closed: " + e, e);
    }
  }
}
