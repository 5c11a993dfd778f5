package io.galerne.cli.crash;

import static io.galerne.server.RunningServer.BATCH;
import static io.galerne.server.RunningServer.STREAM_EVENT;

import io.galerne.protocol.EventType;
import io.galerne.server.SampleEvents;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// A well-behaved publisher: repeats a request until it is answered. Runs on its own thread.
final class RetryingPublisher implements AutoCloseable {
  static final int EXECUTIONS = 5;

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final int MOST_IN_BATCH = 20;
  private static final int LARGEST_PAYLOAD = 8_000;
  private static final List<EventType> TYPES = List.of(EventType.values());

  private final String name;
  private final Supplier<URI> server;
  private final Ledger ledger;
  private final Random random;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Thread thread;
  private volatile boolean closed;
  private int published;

  private RetryingPublisher(String name, Supplier<URI> server, Ledger ledger, Random random) {
    this.name = name;
    this.server = server;
    this.ledger = ledger;
    this.random = random;
    this.thread = Thread.ofVirtual().name(name).start(this::run);
  }

  /// @param server returns the server to connect to
  static RetryingPublisher start(String name, Supplier<URI> server, Ledger ledger, Random random) {
    return new RetryingPublisher(name, server, ledger, random);
  }

  private void run() {
    try {
      while (!closed) {
        publishSome();
      }
    } catch (InterruptedException _) {
      // abandoned
    }
  }

  private void publishSome() throws InterruptedException {
    if (random.nextInt(3) == 0) {
      String id = nextId();
      String answer = publish(STREAM_EVENT, SampleEvents.streamEvent(event(id)));
      ledger.received(name, id, Long.parseLong(answer.replaceAll("\\D", "")));
      ledger.answered(id);
    } else {
      List<String> ids = new ArrayList<>();
      List<String> events = new ArrayList<>();
      for (int i = random.nextInt(MOST_IN_BATCH); i >= 0; i--) {
        ids.add(nextId());
        events.add(event(ids.getLast()));
      }
      publish(BATCH, SampleEvents.batch(events));
      ids.forEach(ledger::answered);
    }
  }

  private String nextId() {
    return name + "-" + published++;
  }

  private String event(String id) {
    String execution = "run-" + random.nextInt(EXECUTIONS);
    return random.nextInt(10) == 0
        ? SampleEvents.large(id, execution, random.nextInt(LARGEST_PAYLOAD))
        : SampleEvents.event(id, execution, TYPES.get(random.nextInt(TYPES.size())));
  }

  private String publish(String path, String body) throws InterruptedException {
    while (true) {
      try {
        HttpRequest request =
            HttpRequest.newBuilder(server.get().resolve(path))
                .timeout(PATIENCE)
                .POST(BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
          return answer.body();
        }
      } catch (IOException _) {
        // the server is down; it will be back
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /// Ends it at once, even if no server answers.
  void abandon() throws InterruptedException {
    thread.interrupt();
    close();
  }

  /// Lets it finish the current publication.
  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.join();
    client.close();
  }
}
