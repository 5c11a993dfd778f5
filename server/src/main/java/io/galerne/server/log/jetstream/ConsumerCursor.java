package io.galerne.server.log.jetstream;

import static java.util.Objects.requireNonNullElse;

import io.galerne.server.log.LogUnreachableException;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullRequestOptions;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.impl.NatsJetStreamMetaData;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages of a stream in ascending order, as many as are asked for. Made on the cluster for one
/// reader, and gone with it. Once it has failed, another has to be opened where it ended.
///
/// For one thread.
final class ConsumerCursor implements AutoCloseable {
  /// How long the cluster keeps a consumer that nobody asks anything of.
  static final Duration ABANDONED = Duration.ofSeconds(30);

  /// How long the cluster keeps a request that it has no messages for.
  private static final Duration EXPIRY = Duration.ofSeconds(20);

  /// How long servers may take to tell each other of a consumer, until it is asked once more.
  private static final Duration SPREADING = Duration.ofMillis(10);

  /// How often a wait looks whether the connection is still the one it was.
  private static final Duration LOOK = Duration.ofMillis(250);

  /// What may be on its way, or wait here to be taken.
  private static final long MOST_BYTES_AHEAD = 4L << 20;

  private static final int MOST_AHEAD = 1000;

  /// How large messages are taken to be until some have come.
  private static final long FIRST_GUESS_BYTES = 64 * 1024;

  private final Cluster cluster;
  private final String stream;
  private final String name;
  private final JetStreamSubscription subscription;

  /// How many messages there were when it was opened.
  private final long available;

  /// How often the connection had been lost by then, and the server that keeps the consumer.
  private final int losses;

  private final int serverLosses;

  /// The name of that server; empty where there is only one.
  private final String server;

  private long taken;
  private long averageBytes = FIRST_GUESS_BYTES;
  private long outstanding;
  private long requestedNanos;

  /// Whether the consumer is known to have been asked.
  private boolean confirmed;

  private ConsumerCursor(
      Cluster cluster,
      String stream,
      ConsumerInfo made,
      int losses,
      JetStreamSubscription subscription) {
    this.cluster = cluster;
    this.stream = stream;
    this.name = made.getName();
    this.available = made.getNumPending();
    this.losses = losses;
    this.server = serverOf(made);
    this.serverLosses = cluster.losses(server);
    this.subscription = subscription;
  }

  /// @param patterns none for everything
  /// @param from the first sequence of the stream wanted, inclusive
  static ConsumerCursor open(Cluster cluster, String stream, List<String> patterns, long from) {
    ConsumerConfiguration consumer =
        ConsumerConfiguration.builder()
            .deliverPolicy(DeliverPolicy.ByStartSequence)
            .startSequence(from)
            .filterSubjects(patterns)
            .ackPolicy(AckPolicy.None)
            .inactiveThreshold(ABANDONED)
            .memStorage(true)
            .numReplicas(1)
            .build();
    return cluster.ask(() -> {
      int losses = cluster.losses();
      ConsumerInfo made = cluster.streams().createConsumer(stream, consumer);
      JetStreamSubscription subscription = subscribe(cluster, stream, made.getName());
      return new ConsumerCursor(cluster, stream, made, losses, subscription);
    });
  }

  private static String serverOf(ConsumerInfo consumer) {
    ClusterInfo cluster = consumer.getClusterInfo();
    return cluster == null ? "" : requireNonNullElse(cluster.getLeader(), "");
  }

  private static JetStreamSubscription subscribe(Cluster cluster, String stream, String name)
      throws IOException, JetStreamApiException {
    JetStreamSubscription subscription =
        cluster.messages().subscribe(null, PullSubscribeOptions.fastBind(stream, name));
    subscription.setPendingLimits(-1, -1); // what may wait is bounded by what is asked for
    return subscription;
  }

  /// How many messages there were when it was opened, as the server knew that delivers them.
  long available() {
    return available;
  }

  /// Sees to it that messages are on their way: as many as are wanted, but not more than memory should
  /// hold.
  void request(long wanted) {
    long most = Math.clamp(MOST_BYTES_AHEAD / averageBytes, 1, MOST_AHEAD);
    long ahead = System.nanoTime() - requestedNanos < EXPIRY.toNanos() ? outstanding : 0;
    long missing = Math.min(wanted, most) - ahead;
    if (missing <= 0 || (ahead > most / 2 && ahead < wanted)) {
      return;
    }
    outstanding = ahead;
    pull(missing);
  }

  private void pull(long messages) {
    try {
      subscription.pull(PullRequestOptions.builder((int) messages).expiresIn(EXPIRY).build());
    } catch (IllegalStateException e) {
      throw cluster.unreachable(e);
    }
    outstanding += messages;
    requestedNanos = System.nanoTime();
    confirmed = false;
  }

  /// Whether it can give no more: the connection was lost, and what was asked for with it; or it may be
  /// of a server that is gone.
  boolean isBroken() {
    return cluster.losses() != losses || cluster.losses(server) != serverLosses;
  }

  /// Looks after the consumer where nothing comes of it. The server that kept it may have ended, while
  /// we are connected to another. And what the consumer is asked for gets lost where it was made on
  /// one server a moment ago and another, that we are connected to, does not know of it yet: then it is
  /// asked again.
  ///
  /// @throws LogUnreachableException where it is gone. Where its server does not answer, all that this
  ///     keeps are broken
  void requireThere() {
    try {
      long waiting = cluster.streams().getConsumerInfo(stream, name).getNumWaiting();
      if (waiting == 0 && outstanding > 0) {
        Thread.sleep(SPREADING);
        long lost = outstanding;
        outstanding = 0;
        pull(lost);
      } else {
        confirmed = true;
      }
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      if (e instanceof IOException) {
        cluster.lost(server);
      }
      throw new LogUnreachableException("The consumer of a read on NATS is gone", e);
    } catch (InterruptedException e) {
      throw stopping(e);
    }
  }

  /// The next message; null where none has come in time.
  ///
  /// @throws LogUnreachableException where the cursor cannot go on
  @Nullable Message next(Duration wait) {
    long deadline = System.nanoTime() + wait.toNanos();
    Message message = take(wait);
    while (message == null && System.nanoTime() < deadline) {
      if (!confirmed) {
        requireThere();
      }
      message = take(wait);
    }
    if (message == null) {
      return null;
    }
    NatsJetStreamMetaData place = message.metaData();
    if (place.consumerSequence() != ++taken) {
      throw new LogUnreachableException(
          "Messages of the NATS stream " + stream + " were lost on the way");
    }
    confirmed = true;
    outstanding--;
    averageBytes = Math.max(1, (averageBytes * 7 + message.getData().length) / 8);
    return message;
  }

  /// The next message; null where none has come in a part of the time.
  private @Nullable Message take(Duration wait) {
    try {
      if (wait.isZero()) {
        return subscription.nextMessage(null);
      }
      if (isBroken()) {
        throw new LogUnreachableException(
            "The connection to NATS was lost in the middle of a read");
      }
      return subscription.nextMessage(wait.compareTo(LOOK) < 0 ? wait : LOOK);
    } catch (IllegalStateException e) {
      // also what the cluster says, such as that it deleted the consumer
      throw cluster.unreachable(e);
    } catch (InterruptedException e) {
      throw stopping(e);
    }
  }

  private static LogUnreachableException stopping(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new LogUnreachableException("The server is stopping", e);
  }

  @Override
  public void close() {
    try {
      subscription.unsubscribe();
      // Nobody waits for the answer: a consumer that is left goes by itself.
      cluster.connection().publish("$JS.API.CONSUMER.DELETE." + stream + "." + name, new byte[0]);
    } catch (IllegalStateException e) {
      // the connection is closed or broken, and the subscription with it
    }
  }
}
