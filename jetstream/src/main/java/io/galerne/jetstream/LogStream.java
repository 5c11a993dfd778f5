package io.galerne.jetstream;

import static java.util.Objects.requireNonNullElse;

import io.galerne.server.log.LogUnreachableException;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.PurgeOptions;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.MessageGetRequest;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.api.Replica;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The stream that keeps a log. Sequences of its messages are called positions here, because one
/// message holds many events. Safe for use by several threads.
final class LogStream {
  private static final String EXPECTED_LAST = "Nats-Expected-Last-Sequence";

  /// The size limit of a message: a larger one delays everything else on the connection.
  private static final int MOST_MESSAGE_BYTES = 1 << 20;

  /// The bytes of a message besides its data: its headers.
  static final int HEADER_BYTES = 256;

  private static final int NOT_FOUND = 404;
  private static final byte[] NOTHING = {};

  /// After this silence of the other replicas, which send something every second, a leader may have
  /// been replaced. It gives up only later.
  private static final Duration MOST_UNHEARD = Duration.ofSeconds(4);

  private final Cluster cluster;
  private final String name;
  private final StreamIdentity identity;

  LogStream(Cluster cluster, String name, StreamIdentity identity) {
    this.cluster = cluster;
    this.name = name;
    this.identity = identity;
  }

  /// Returns the subject of a stream's messages.
  static String subject(String stream) {
    return stream + ".log";
  }

  Cluster cluster() {
    return cluster;
  }

  String name() {
    return name;
  }

  StreamIdentity identity() {
    return identity;
  }

  /// The contents of a stream.
  ///
  /// @param first its oldest position; `last + 1` if it holds nothing
  /// @param last the last assigned position
  /// @param room the number of bytes left in the stream, regardless of limits of servers and
  ///     account
  record State(long first, long last, long room) {}

  /// Asks the stream's leader.
  ///
  /// @throws LogReplacedException if the stream is another log by now
  /// @throws LogUnreachableException if no leader answers, or only one that was cut off from the
  ///     others, whose answer may be old
  State state() {
    StreamInfo info = cluster.ask(() -> cluster.streams().getStreamInfo(name));
    requireLed(info.getClusterInfo());
    requireSame(info.getConfiguration().getDescription());
    StreamState state = info.getStreamState();
    long last = state.getLastSequence();
    long first = state.getMsgCount() == 0 ? last + 1 : state.getFirstSequence();
    long most = info.getConfiguration().getMaxBytes();
    long room = most > 0 ? most - state.getByteCount() : Long.MAX_VALUE;
    return new State(first, last, room);
  }

  private void requireSame(@Nullable String description) {
    StreamIdentity.read(description)
        .filter(now -> !now.equals(identity))
        .ifPresent(now -> {
          throw new LogReplacedException(
              "The log was restored from a backup and is %s now: start this node again"
                  .formatted(now.logId()));
        });
  }

  private void requireLed(@Nullable ClusterInfo cluster) {
    if (cluster == null) {
      return; // a single server
    }
    if (cluster.getLeader() == null) {
      throw new LogUnreachableException(
          "The NATS stream " + name + " has no leader now; are most of its servers up?");
    }
    List<Replica> others = requireNonNullElse(cluster.getReplicas(), List.of());
    long heard = others.stream().filter(LogStream::isHeard).count();
    if (heard < (others.size() + 1) / 2) {
      throw new LogUnreachableException(
          "The leader of the NATS stream " + name + " does not hear from the other replicas");
    }
  }

  private static boolean isHeard(Replica replica) {
    Duration ago = replica.getActive();
    // zero if never, and if just now
    boolean isRecent = ago.isZero() ? replica.isCurrent() : ago.compareTo(MOST_UNHEARD) < 0;
    return isRecent && !replica.isOffline();
  }

  /// A stored message.
  record Kept(long position, byte[] data) {}

  /// Returns the message at a position, from the stream's leader; null if there is none.
  @Nullable Kept get(long position) {
    return get(MessageGetRequest.forSequence(position));
  }

  /// Returns the first message at or after a position; null if there is none.
  @Nullable Kept firstFrom(long position) {
    return get(MessageGetRequest.nextForSubject(position, subject(name)));
  }

  /// Returns the last message; null if the stream holds none.
  @Nullable Kept newest() {
    return get(MessageGetRequest.lastForSubject(subject(name)));
  }

  /// Asks the stream's leader. By default, the client would ask any replica if the stream allows
  /// it, and a lagging replica does not know the newest message.
  private @Nullable Kept get(MessageGetRequest request) {
    return cluster.<@Nullable Kept>ask(() -> {
      try {
        CompletableFuture<Message> answer =
            cluster.connection().request("$JS.API.STREAM.MSG.GET." + name, request.serialize());
        MessageInfo found = new MessageInfo(Cluster.answer(answer), name, false).throwOnHasError();
        return new Kept(found.getSeq(), requireNonNullElse(found.getData(), NOTHING));
      } catch (JetStreamApiException e) {
        if (e.getErrorCode() == NOT_FOUND) {
          return null;
        }
        throw e;
      }
    });
  }

  /// Publishes a message on condition that `last` is the stream's last position when it arrives.
  /// The answer arrives once it is stored. Messages keep their order.
  ///
  /// @throws LogUnreachableException if there is no connection
  CompletableFuture<PublishAck> publish(byte[] data, long last) {
    Headers expecting = new Headers().put(EXPECTED_LAST, Long.toString(last));
    try {
      return cluster.messages().publishAsync(subject(name), expecting, data);
    } catch (IllegalStateException e) {
      throw cluster.unreachable(e);
    }
  }

  /// Returns the size limit of a message's data.
  int mostBytes() {
    long most = cluster.connection().getMaxPayload() - HEADER_BYTES;
    return (int) Math.min(most, MOST_MESSAGE_BYTES);
  }

  /// Deletes everything before a position; nothing if that is the first possible one, because
  /// servers would purge the whole stream.
  void purgeBefore(long position) {
    if (position <= 1) {
      return;
    }
    PurgeOptions options = PurgeOptions.builder().sequence(position).build();
    cluster.ask(() -> cluster.streams().purgeStream(name, options));
  }

  /// Opens a cursor at a position (inclusive).
  StreamCursor open(long from) {
    return StreamCursor.open(cluster, name, from);
  }

  /// Returns the message for a full stream.
  ///
  /// @param why the cause
  String full(String why) {
    return "The NATS stream %s is full: %s; raise its max_bytes, give its servers more room, or keep less"
            .formatted(name, why)
        + " with the settings `retentionAge` and `retentionBytes`";
  }
}
