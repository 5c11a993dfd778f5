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

/// The messages of a stream in order, as a server of the cluster sends them to one follower. Unlike
/// the NATS client's ordered consumer, it does not repair itself: it fails as soon as a message is
/// missing, and its follower opens another at its own position. So one place decides where to
/// continue.
///
/// Flow control bounds what the server sends: it regularly asks, in between messages, whether
/// earlier ones have been taken. Used by one thread.
final class StreamCursor implements AutoCloseable {
  /// How often a server without messages sends a heartbeat.
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);

  /// After this silence, the server or its consumer counts as gone.
  private static final long SILENT_NANOS = Duration.ofSeconds(4).toNanos();

  /// How often a wait checks that the connection is still the same.
  private static final Duration LOOK = Duration.ofMillis(250);

  private static final int HEARTBEAT_OR_FLOW_CONTROL = 100;
  private static final String LAST_CONSUMER = "Nats-Last-Consumer";
  private static final String STALLED = "Nats-Consumer-Stalled";
  private static final byte[] NOTHING = {};

  private final Cluster cluster;
  private final String stream;
  private final Subscription subscription;
  private final String consumer;

  /// The number of lost connections when it was opened.
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

  /// @param from the first sequence of the stream to deliver, inclusive
  /// @throws LogUnreachableException if no server answers
  static StreamCursor open(Cluster cluster, String stream, long from) {
    return cluster.ask(() -> {
      int losses = cluster.losses();
      String inbox = cluster.connection().createInbox();
      Subscription subscription = cluster.connection().subscribe(inbox);
      subscription.setPendingLimits(-1, -1); // flow control bounds it
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

  /// Returns the number of lost connections when it was opened.
  int losses() {
    return losses;
  }

  /// Returns the next message; null if none arrives in time.
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

  /// Answers the server, and checks that no sent message is missing.
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
      // Does not wait for an answer: a consumer without a listener disappears on its own.
      cluster.connection().publish("$JS.API.CONSUMER.DELETE." + stream + "." + consumer, NOTHING);
    } catch (IllegalStateException e) {
      // the connection is closed or broken, and the subscription with it
    }
  }
}
