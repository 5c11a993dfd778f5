package io.galerne.server.log.jetstream;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.ExpiredException;
import io.galerne.server.log.LogUnreachableException;
import io.galerne.server.log.jetstream.SegmentIndex.Plan;
import io.nats.client.Message;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// What a selector selects where that is little, in ascending order: the stream's leader is asked for
/// each event by its sequence, some at a time. What that takes depends on how many they are, and not on
/// what lies between them.
///
/// For one thread.
final class SparseRead implements Selected {
  /// How many answers may be on their way. With more it was hardly faster, and a read that ends early
  /// has asked for them in vain.
  private static final int MOST_ASKED = 16;

  private final LogStream stream;
  private final long[] sequences;
  private final ArrayDeque<CompletableFuture<Message>> asked = new ArrayDeque<>();

  /// The first of the sequences whose answer has not been looked at.
  private int at;

  private @Nullable Found next;

  /// @param sequences where the events begin, ascending
  SparseRead(LogStream stream, long[] sequences) {
    this.stream = stream;
    this.sequences = sequences;
  }

  /// @throws LogUnreachableException where what there should be does not come
  /// @throws ExpiredException where events have expired meanwhile
  @Override
  public @Nullable Found peek(Plan plan) {
    while (next == null && at < sequences.length) {
      while (asked.size() < MOST_ASKED && at + asked.size() < sequences.length) {
        asked.add(stream.ask(sequences[at + asked.size()]));
      }
      long sequence = sequences[at++];
      EventRecord event = event(sequence, stream.answer(asked.remove()));
      next = event == null ? null : new Found(sequence, event);
    }
    return next;
  }

  /// The event that begins with a message; null where it is gone.
  private @Nullable EventRecord event(long sequence, LogStream.@Nullable Kept first) {
    EventParts parts = new EventParts();
    LogStream.Kept message = first == null ? missing(sequence) : first;
    try {
      while (message != null) {
        EventRecord event = parts.add(StoredMessage.read(message.data()));
        if (!parts.isWaiting()) {
          return event;
        }
        long rest = message.sequence() + 1;
        message = stream.get(rest);
        message = message == null ? missing(rest) : message;
      }
    } catch (IllegalArgumentException e) {
      return null; // not ours
    }
    return null; // an operator has deleted it
  }

  /// Looks again where there was no message: it has expired, or who was asked is behind, or it is gone.
  private LogStream.@Nullable Kept missing(long sequence) {
    LogStream.State state = stream.state();
    if (sequence < state.first()) {
      throw new ExpiredException(sequence, state.first());
    }
    if (sequence > state.last()) {
      throw new LogUnreachableException(
          "The NATS stream does not deliver what it holds at sequence " + sequence);
    }
    return stream.get(sequence);
  }

  @Override
  public void pass() {
    next = null;
  }

  @Override
  public long end(Plan plan) {
    return plan.last() + 1;
  }
}
