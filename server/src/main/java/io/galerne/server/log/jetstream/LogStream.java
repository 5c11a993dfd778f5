package io.galerne.server.log.jetstream;

import static java.util.Objects.requireNonNull;

import io.nats.client.JetStreamApiException;
import io.nats.client.PurgeOptions;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StreamState;
import io.nats.client.impl.Headers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The stream that keeps a log, in the log's own sequences: those of the stream, and what was left out
/// after a restore. Safe for use by several threads.
final class LogStream {
  private static final String EXPECTED_LAST = "Nats-Expected-Last-Sequence";

  private static final int NOT_FOUND = 404;

  private final Cluster cluster;
  private final String name;
  private final Subjects subjects;
  private final StreamIdentity identity;

  LogStream(Cluster cluster, String name, StreamIdentity identity) {
    this.cluster = cluster;
    this.name = name;
    this.subjects = new Subjects(name);
    this.identity = identity;
  }

  Cluster cluster() {
    return cluster;
  }

  Subjects subjects() {
    return subjects;
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
  record State(long first, long last, long bytes) {}

  /// Asks the stream's leader.
  State state() {
    StreamState state = cluster.ask(() -> cluster.streams().getStreamInfo(name)).getStreamState();
    long last = state.getLastSequence() + identity.offset();
    long first = state.getMsgCount() == 0 ? last + 1 : fromStream(state.getFirstSequence());
    return new State(first, last, state.getByteCount());
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
    String events = subjects.all().getFirst();
    return get(() -> cluster.streams().getNextMessage(name, toStream(sequence), events));
  }

  /// The message with this sequence; null where there is none.
  @Nullable Kept get(long sequence) {
    return get(() -> cluster.streams().getMessage(name, toStream(sequence)));
  }

  private @Nullable Kept get(Cluster.Request<MessageInfo> request) {
    return cluster.<@Nullable Kept>ask(() -> {
      try {
        MessageInfo found = request.send();
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
  void publish(String subject, byte[] data, long last) {
    cluster.connection().publish(subject, expecting(last), data);
  }

  /// Like [#publish], and asks for an answer, which comes once the message is stored.
  CompletableFuture<PublishAck> publishAndAsk(String subject, byte[] data, long last) {
    return cluster.messages().publishAsync(subject, expecting(last), data);
  }

  private Headers expecting(long last) {
    return new Headers().put(EXPECTED_LAST, Long.toString(last - identity.offset()));
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
