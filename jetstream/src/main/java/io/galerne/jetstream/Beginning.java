package io.galerne.jetstream;

import io.galerne.server.log.Block;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor.Verdict;
import io.galerne.server.log.Field;
import io.galerne.server.log.LogUnreachableException;
import io.galerne.server.log.store.EventStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Where a node starts to follow the stream: the position of its view, checked against the stream.
///
/// @param lastData the message at the view's position; null if the stream no longer holds it, or
///     the view is empty
/// @param streamLast the last position of the stream
record Beginning(byte @Nullable [] lastData, long streamLast) {
  /// A leader that was just elected, or whose stream was just created, has not heard from the
  /// others yet.
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  /// A newly elected leader may not know the whole stream for a moment.
  private static final long SHORTER_NANOS = TimeUnit.SECONDS.toNanos(3);

  /// @throws LostEventsException if the view holds events that the stream does not
  static Beginning check(LogStream stream, EventStore store, Path folder) {
    LogStream.State state = firstState(stream);
    long position = store.position();
    long deadline = System.nanoTime() + SHORTER_NANOS;
    while (position > state.last() && System.nanoTime() < deadline) {
      StreamSetup.pause();
      state = firstState(stream);
    }
    if (position > state.last()) {
      throw new LostEventsException(
          "The NATS stream %s ends at %d, and this node's view of it in %s goes up to %d"
              .formatted(stream.name(), state.last(), folder, position));
    }
    if (position < state.first()) {
      return new Beginning(null, state.last()); // empty, or everything has expired on other nodes
    }
    LogStream.Kept kept = stream.get(position);
    if (kept == null) {
      return new Beginning(null, state.last());
    }
    if (!isApplied(stream, kept, store)) {
      throw new LostEventsException(
          "The NATS stream %s holds another message at %d than this node's view of it in %s"
              .formatted(stream.name(), position, folder));
    }
    return new Beginning(kept.data(), state.last());
  }

  private static LogStream.State firstState(LogStream stream) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try {
        return stream.state();
      } catch (LogUnreachableException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        StreamSetup.pause();
      }
    }
  }

  /// Returns whether the commit that ends at this message is the last applied one: its last event
  /// is the same.
  private static boolean isApplied(LogStream stream, LogStream.Kept kept, EventStore store) {
    try {
      CommitPart end = CommitPart.read(kept.data());
      if (!end.isLast() || end.last() != store.head()) {
        return false;
      }
      CommitAssembler assembler = new CommitAssembler();
      for (long at = kept.position() - end.part(); at < kept.position(); at++) {
        LogStream.Kept part = stream.get(at);
        if (part == null) {
          return true; // deleted by hand; the rest matches
        }
        assembler.add(at, part.data());
      }
      CommitAssembler.Whole whole = assembler.add(kept.position(), kept.data());
      return whole != null && isStored(whole.blocks().getLast(), store);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isStored(Block block, EventStore store) {
    if (block.last() < store.range().oldest()) {
      return true; // expired here: nothing to compare
    }
    EventRecord[] events = block.events();
    EventRecord event = events[events.length - 1];
    EventFilter filter = EventFilter.in(String.valueOf(event.text(Field.NAMESPACE))).build();
    boolean[] same = {false};
    store.read(
        filter,
        block.last(),
        (sequence, stored) -> {
          same[0] = sequence == block.last() && isSame(stored, event);
          return Verdict.LAST;
        });
    return same[0];
  }

  private static boolean isSame(EventRecord one, EventRecord other) {
    return Arrays.equals(
        one.bytes(),
        one.start(),
        one.start() + one.length(),
        other.bytes(),
        other.start(),
        other.start() + other.length());
  }
}
