package io.galerne.server.log.jetstream;

import static java.util.Objects.requireNonNull;
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

/// The stream that keeps a log, in the log's own sequences: those of the stream, and what was left out
/// after a restore. Safe for use by several threads.
final class LogStream {
  private static final String EXPECTED_LAST = "Nats-Expected-Last-Sequence";

  private static final String BATCH_ID = "Nats-Batch-Id";
  private static final String BATCH_PLACE = "Nats-Batch-Sequence";
  private static final String BATCH_COMMIT = "Nats-Batch-Commit";

  /// How many messages servers store as one.
  private static final int MOST_AT_ONCE = 1000;

  private static final int NOT_FOUND = 404;

  /// After so long without a word of the others a leader may have been replaced. They say something
  /// every second. It itself gives up only later.
  private static final Duration MOST_UNHEARD = Duration.ofSeconds(4);

  private final Cluster cluster;
  private final String name;
  private final Subjects subjects;
  private final StreamIdentity identity;
  private final boolean atomic;

  /// @param atomic whether the stream stores batches as one
  LogStream(Cluster cluster, String name, StreamIdentity identity, boolean atomic) {
    this.cluster = cluster;
    this.name = name;
    this.subjects = new Subjects(name);
    this.identity = identity;
    this.atomic = atomic;
  }

  Cluster cluster() {
    return cluster;
  }

  Subjects subjects() {
    return subjects;
  }

  boolean isFence(String subject) {
    return subject.equals(subjects.fence());
  }

  /// The log's id.
  String id() {
    return identity.logId();
  }

  /// What a stream holds.
  ///
  /// @param first its oldest sequence; `last + 1` where it holds nothing
  /// @param last the last sequence that was given
  /// @param bytes how much room it takes
  /// @param room how much more it may take; not what its servers and the account may
  record State(long first, long last, long bytes, long room) {}

  /// Asks the stream's leader.
  ///
  /// @throws LogReplacedException where the stream is another log's by now
  /// @throws LogUnreachableException where none answers, or one that was cut off from the others: what
  ///     it knows may be old
  State state() {
    StreamInfo info = cluster.ask(() -> cluster.streams().getStreamInfo(name));
    requireLed(info.getClusterInfo());
    requireSame(info.getConfiguration().getDescription());
    StreamState state = info.getStreamState();
    long last = state.getLastSequence() + identity.offset();
    long first = state.getMsgCount() == 0 ? last + 1 : fromStream(state.getFirstSequence());
    long most = info.getConfiguration().getMaxBytes();
    long room = most > 0 ? most - state.getByteCount() : Long.MAX_VALUE;
    return new State(first, last, state.getByteCount(), room);
  }

  private void requireSame(@Nullable String description) {
    StreamIdentity.read(description)
        .filter(now -> !now.equals(identity))
        .ifPresent(now -> {
          throw new LogReplacedException(
              "The log was put back from a backup and is %s now: start this node again"
                  .formatted(now.logId()));
        });
  }

  private void requireLed(@Nullable ClusterInfo cluster) {
    if (cluster == null) {
      return; // a server by itself
    }
    if (cluster.getLeader() == null) {
      throw new LogUnreachableException(
          "The NATS stream " + name + " has no leader now; are most of its servers up?");
    }
    List<Replica> others = requireNonNullElse(cluster.getReplicas(), List.of());
    long heard = others.stream().filter(LogStream::isHeard).count();
    if (heard < (others.size() + 1) / 2) {
      throw new LogUnreachableException(
          "The leader of the NATS stream " + name + " does not hear the other replicas");
    }
  }

  private static boolean isHeard(Replica replica) {
    Duration ago = replica.getActive();
    // zero where it never was, and where it was just now
    boolean isRecent = ago.isZero() ? replica.isCurrent() : ago.compareTo(MOST_UNHEARD) < 0;
    return isRecent && !replica.isOffline();
  }

  /// The sequence of a message that has this one in the stream.
  long fromStream(long sequence) {
    return sequence + identity.offset();
  }

  /// The sequence in the stream of a message that has this one in the log.
  long toStream(long sequence) {
    return Math.max(1, sequence - identity.offset());
  }

  /// A message as the stream keeps it.
  record Kept(long sequence, String subject, byte[] data) {}

  /// The first message of an event at this sequence or behind it; null where there is none.
  @Nullable Kept firstEventFrom(long sequence) {
    return firstFrom(sequence, subjects.all().getFirst());
  }

  /// The first message that a pattern selects at this sequence or behind it, as the stream's leader
  /// knows it; null where there is none.
  @Nullable Kept firstFrom(long sequence, String pattern) {
    return answer(ask(MessageGetRequest.nextForSubject(toStream(sequence), pattern)));
  }

  /// The message with this sequence; null where there is none.
  @Nullable Kept get(long sequence) {
    return answer(ask(sequence));
  }

  /// Asks for the message with this sequence; [#answer] waits for it.
  ///
  /// @throws LogUnreachableException where there is no connection
  CompletableFuture<Message> ask(long sequence) {
    return ask(MessageGetRequest.forSequence(toStream(sequence)));
  }

  /// Asks the stream's leader. The client by itself would ask any replica where the stream allows that,
  /// and one that lags behind does not know of the newest.
  private CompletableFuture<Message> ask(MessageGetRequest request) {
    try {
      return cluster.connection().request("$JS.API.STREAM.MSG.GET." + name, request.serialize());
    } catch (IllegalStateException e) {
      throw cluster.unreachable(e);
    }
  }

  /// The message that was asked for; null where there is none.
  @Nullable Kept answer(CompletableFuture<Message> asked) {
    return cluster.<@Nullable Kept>ask(() -> {
      try {
        MessageInfo found = new MessageInfo(Cluster.answer(asked), name, false).throwOnHasError();
        return new Kept(
            fromStream(found.getSeq()),
            requireNonNull(found.getSubject()),
            requireNonNull(found.getData()));
      } catch (JetStreamApiException e) {
        if (e.getErrorCode() == NOT_FOUND) {
          return null;
        }
        throw e;
      }
    });
  }

  /// Publishes a message, if `last` is the last sequence of the stream when it gets there. Only
  /// queued when this returns; messages keep their order.
  ///
  /// @throws LogUnreachableException where there is no connection
  void publish(String subject, byte[] data, long last) {
    publish(subject, expecting(last), data);
  }

  /// Like [#publish], and asks for an answer, which comes once the message is stored.
  CompletableFuture<PublishAck> publishAndAsk(String subject, byte[] data, long last) {
    return publishAndAsk(subject, expecting(last), data);
  }

  /// Whether the cluster stores so many messages as one, or none of them.
  boolean takesAtOnce(int messages) {
    return atomic && messages > 1 && messages <= MOST_AT_ONCE;
  }

  /// Publishes a message of a batch that is stored as one, but for the last of it.
  ///
  /// @param place its place in the batch, from 0 on
  void publishOfBatch(String subject, byte[] data, long last, String batch, int place) {
    publish(subject, ofBatch(last, batch, place), data);
  }

  /// Publishes the last message of a batch that is stored as one; the answer comes once it is.
  CompletableFuture<PublishAck> commitBatch(
      String subject, byte[] data, long last, String batch, int place) {
    return publishAndAsk(subject, ofBatch(last, batch, place).put(BATCH_COMMIT, "1"), data);
  }

  private Headers ofBatch(long last, String batch, int place) {
    Headers headers = place == 0 ? expecting(last) : new Headers();
    return headers.put(BATCH_ID, batch).put(BATCH_PLACE, Integer.toString(place + 1));
  }

  private Headers expecting(long last) {
    return new Headers().put(EXPECTED_LAST, Long.toString(last - identity.offset()));
  }

  private void publish(String subject, Headers headers, byte[] data) {
    try {
      cluster.connection().publish(subject, headers, data);
    } catch (IllegalStateException e) {
      throw cluster.unreachable(e);
    }
  }

  private CompletableFuture<PublishAck> publishAndAsk(
      String subject, Headers headers, byte[] data) {
    try {
      return cluster.messages().publishAsync(subject, headers, data);
    } catch (IllegalStateException e) {
      throw cluster.unreachable(e);
    }
  }

  /// What to tell where the stream takes nothing more.
  ///
  /// @param why what is missing
  String full(String why) {
    return "The NATS stream "
        + name
        + " is full: "
        + why
        + "; raise its max_bytes or give its servers more room, or keep less with --retention-age or"
        + " --retention-size";
  }

  /// How large a message may be, with its headers.
  long mostBytes() {
    return cluster.connection().getMaxPayload();
  }

  /// Deletes one message. Does nothing where it is gone.
  void delete(long sequence) {
    cluster.ask(() -> {
      try {
        return cluster.streams().deleteMessage(name, toStream(sequence), false);
      } catch (JetStreamApiException e) {
        if (get(sequence) == null) {
          return false; // somebody else was faster; servers have many words for that
        }
        throw e;
      }
    });
  }

  /// Deletes everything before this sequence.
  void purgeBefore(long sequence) {
    PurgeOptions options = PurgeOptions.builder().sequence(toStream(sequence)).build();
    cluster.ask(() -> cluster.streams().purgeStream(name, options));
  }

  /// Opens a consumer of what these patterns select, from a sequence (inclusive) on.
  ConsumerCursor open(List<String> patterns, long from) {
    return ConsumerCursor.open(cluster, name, patterns, toStream(from));
  }
}
