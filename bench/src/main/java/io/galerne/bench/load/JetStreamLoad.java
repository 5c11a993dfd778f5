package io.galerne.bench.load;

import io.galerne.bench.load.Publishers.Published;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The work of the scenarios with NATS's own client on a stream with file storage: one subject per
/// execution, and the same event as a message.
public final class JetStreamLoad implements AutoCloseable {
  /// The most unacknowledged messages: enough that the server never waits.
  private static final int UNACKNOWLEDGED = 4096;

  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
  private static final Duration MESSAGE_WITHIN = Duration.ofSeconds(30);
  private static final String STREAM = "EVENTS";
  private static final String SUBJECT = "events.";

  private final Connection connection;
  private final JetStream stream;

  private JetStreamLoad(String url) throws IOException, InterruptedException {
    this.connection = connect(url);
    this.stream = connection.jetStream();
  }

  /// Connects and creates an empty stream.
  public static JetStreamLoad start(String url) {
    try {
      JetStreamLoad load = new JetStreamLoad(url);
      var _ =
          load.connection
              .jetStreamManagement()
              .addStream(
                  StreamConfiguration.builder()
                      .name(STREAM)
                      .subjects(SUBJECT + ">")
                      .storageType(StorageType.File)
                      .build());
      return load;
    } catch (IOException | JetStreamApiException e) {
      throw failed(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /// Publishes events of executions in turn, without waiting for each acknowledgement.
  public Published publishPipelined(long events, int executions) {
    EventRequests messages = messages();
    Semaphore window = new Semaphore(UNACKNOWLEDGED);
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    long start = Clock.now();
    for (long i = 0; i < events && failure.get() == null; i++) {
      window.acquireUninterruptibly();
      byte[] message = messages.nextBytes(Clock.now()).clone();
      CompletableFuture<PublishAck> published =
          stream.publishAsync(subject((int) (i % executions)), message);
      var _ =
          published.whenComplete((_, problem) -> {
            failure.compareAndSet(null, problem);
            window.release();
          });
    }
    window.acquireUninterruptibly(UNACKNOWLEDGED);
    Duration elapsed = Duration.ofNanos(Clock.now() - start);
    Throwable problem = failure.get();
    if (problem != null) {
      throw failed(problem);
    }
    return new Published(events, elapsed);
  }

  /// Publishes for `duration` from several threads, each of which waits for every acknowledgement.
  /// They share one connection: with one each, this client takes three times as long.
  public Published publishOneAtATime(int threads, Duration duration) {
    long start = Clock.now();
    long end = start + duration.toNanos();
    List<CompletableFuture<Long>> publishers =
        IntStream.range(0, threads).mapToObj(i -> publishUntil(end, subject(i))).toList();
    try {
      long events = 0;
      for (CompletableFuture<Long> publisher : publishers) {
        events += publisher.get();
      }
      return new Published(events, Duration.ofNanos(Clock.now() - start));
    } catch (ExecutionException e) {
      throw failed(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /// Reads all stored messages with an ordered consumer.
  ///
  /// @return the time from the request to the last message
  public Duration replayAll(int events) {
    PushSubscribeOptions ordered =
        PushSubscribeOptions.builder().stream(STREAM)
            .ordered(true)
            .pendingMessageLimit(-1)
            .pendingByteLimit(-1)
            .build();
    try {
      long start = Clock.now();
      var subscription = stream.subscribe(SUBJECT + ">", ordered);
      for (int i = 0; i < events; i++) {
        Message message = subscription.nextMessage(MESSAGE_WITHIN);
        if (message == null) {
          throw new IllegalStateException(
              "JetStream delivered only %d of %d messages".formatted(i, events));
        }
      }
      Duration elapsed = Duration.ofNanos(Clock.now() - start);
      subscription.unsubscribe();
      return elapsed;
    } catch (IOException | JetStreamApiException e) {
      throw failed(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private CompletableFuture<Long> publishUntil(long end, String subject) {
    CompletableFuture<Long> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("jetstream-publisher")
        .start(() -> {
          try {
            EventRequests messages = messages();
            long count = 0;
            for (long now = Clock.now(); now < end; now = Clock.now()) {
              stream.publish(subject, messages.nextBytes(now));
              count++;
            }
            result.complete(count);
          } catch (IOException | JetStreamApiException | RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  private static EventRequests messages() {
    return new EventRequests(Template.text(EventText.EVENT), 1);
  }

  private static String subject(int execution) {
    return SUBJECT + EventText.executionId(execution);
  }

  private static Connection connect(String url) throws IOException, InterruptedException {
    return Nats.connect(
        Options.builder()
            .server(url)
            .connectionTimeout(CONNECT_WITHIN)
            .maxMessagesInOutgoingQueue(2 * UNACKNOWLEDGED)
            // The default listener logs every message of flow control.
            .errorListener(new ErrorListener() {})
            .build());
  }

  private static RuntimeException failed(Throwable cause) {
    return switch (cause) {
      case IOException io -> new UncheckedIOException("JetStream failed", io);
      default -> new IllegalStateException("JetStream failed", cause);
    };
  }

  private static RuntimeException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted", cause);
  }
}
