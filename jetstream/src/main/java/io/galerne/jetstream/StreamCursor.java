package io.galerne.jetstream;

import io.galerne.server.log.LogUnreachableException;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.impl.Headers;
import io.nats.client.support.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The messages of a stream in order, as a server of the cluster sends them to one follower. Unlike the
/// ordered consumer of the NATS client it does not repair itself: it fails as soon as anything is
/// missing, and its follower opens another from where it got to. So there is one place that decides
/// where to continue.
///
/// The server sends no more than is taken: it asks now and then, in between the messages, whether those
/// before have been. For one thread.
final class StreamCursor implements AutoCloseable {
  /// How often a server that has nothing to send says so.
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);

  /// After so much silence the server, or what it keeps for us, is taken to be gone.
  private static final long SILENT_NANOS = Duration.ofSeconds(4).toNanos();

  /// How often a wait checks that the connection is still the one it was.
  private static final Duration LOOK = Duration.ofMillis(250);

  private static final int HEARTBEAT_OR_FLOW_CONTROL = 100;
  private static final String LAST_CONSUMER = "Nats-Last-Consumer";
  private static final String STALLED = "Nats-Consumer-Stalled";
  private static final byte[] NOTHING = {};

  private final Cluster cluster;
  private final String stream;
  private final Subscription subscription;
  private final String consumer;

  /// How often the connection had been lost when it was opened.
  private final int losses;

  private long taken;
  private long heardNanos = System.nanoTime();

  private StreamCursor(
      Cluster cluster, String stream, Subscription subscription, String consumer, int losses) {
    this.cluster = cluster;
    this.stream = stream;
    this.subscription = subscription;
    this.consumer = consumer;
    this.losses = losses;
  }

  /// @param from the first sequence of the stream wanted, inclusive
  /// @throws LogUnreachableException if no server answers
  static StreamCursor open(Cluster cluster, String stream, long from) {
    return cluster.ask(() -> {
      int losses = cluster.losses();
      String inbox = cluster.connection().createInbox();
      Subscription subscription = cluster.connection().subscribe(inbox);
      subscription.setPendingLimits(-1, -1); // the server sends no more than is taken
      ConsumerConfiguration wanted =
          ConsumerConfiguration.builder()
              .deliverPolicy(DeliverPolicy.ByStartSequence)
              .startSequence(from)
              .deliverSubject(inbox)
              .flowControl(HEARTBEAT)
              .ackPolicy(AckPolicy.None)
              .maxDeliver(1)
              .memStorage(true)
              .numReplicas(1)
              .build();
      try {
        String name = cluster.streams().createConsumer(stream, wanted).getName();
        return new StreamCursor(cluster, stream, subscription, name, losses);
      } catch (IOException | JetStreamApiException | RuntimeException e) {
        subscription.unsubscribe();
        throw e;
      }
    });
  }

  /// How often the connection had been lost when it was opened.
  int losses() {
    return losses;
  }

  /// The next message; null if none comes in time.
  ///
  /// @throws LogUnreachableException if the cursor cannot continue
  @Nullable Message next(Duration wait) {
    long deadline = System.nanoTime() + wait.toNanos();
    while (true) {
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      Message message = take(left);
      if (message == null) {
        if (System.nanoTime() - heardNanos > SILENT_NANOS) {
          throw new LogUnreachableException("NATS has stopped delivering the stream " + stream);
        }
        if (!left.isPositive() || System.nanoTime() >= deadline) {
          return null;
        }
        continue;
      }
      heardNanos = System.nanoTime();
      if (message.isStatusMessage()) {
        handle(message);
      } else {
        if (message.metaData().consumerSequence() != ++taken) {
          throw lost();
        }
        return message;
      }
    }
  }

  private @Nullable Message take(Duration left) {
    if (cluster.losses() != losses) {
      throw new LogUnreachableException("The connection to NATS was lost");
    }
    try {
      Duration wait = left.compareTo(LOOK) < 0 ? left : LOOK;
      return subscription.nextMessage(wait.isPositive() ? wait : null);
    } catch (IllegalStateException e) {
      throw cluster.unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnreachableException("The server is stopping", e);
    }
  }

  /// Answers the server, and checks that nothing it has sent is missing.
  private void handle(Message message) {
    Status status = message.getStatus();
    if (status.getCode() != HEARTBEAT_OR_FLOW_CONTROL) {
      throw new LogUnreachableException(
          "NATS has stopped delivering the stream " + stream + ": " + status.getMessage());
    }
    String asks = message.getReplyTo();
    if (asks != null && !asks.isEmpty()) {
      reply(asks);
      return;
    }
    Headers headers = message.getHeaders();
    if (headers == null) {
      return;
    }
    String stalled = headers.getFirst(STALLED);
    if (stalled != null) {
      reply(stalled);
    }
    String sent = headers.getFirst(LAST_CONSUMER);
    if (sent != null && !Objects.equals(sent, Long.toString(taken))) {
      throw lost();
    }
  }

  private void reply(String subject) {
    try {
      cluster.connection().publish(subject, NOTHING);
    } catch (IllegalStateException e) {
      throw cluster.unreachable(e);
    }
  }

  private LogUnreachableException lost() {
    return new LogUnreachableException(
        "Messages of the NATS stream " + stream + " were lost on the way");
  }

  @Override
  public void close() {
    try {
      subscription.unsubscribe();
      // No answer is waited for: a consumer that nobody listens to goes by itself.
      cluster.connection().publish("$JS.API.CONSUMER.DELETE." + stream + "." + consumer, NOTHING);
    } catch (IllegalStateException e) {
      // the connection is closed or broken, and the subscription with it
    }
  }
}
