package io.galerne.jetstream;

import io.galerne.server.log.Block;
import io.galerne.server.log.Commit;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.LogUnreachableException;
import io.galerne.server.log.store.Draft;
import io.galerne.server.log.store.EventStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This node's copy of the log: applies commits to its store, and hands them to the log's
/// followers. Small commits that arrive together are applied together.
///
/// Any thread may call [#follow] and [#head], only the one that follows the stream everything else.
final class View {
  private static final Logger log = LoggerFactory.getLogger(View.class);

  /// The most bytes that are applied at once.
  private static final int MOST_BYTES = 4 << 20;

  private static final int MOST_EVENTS = 8192;

  private final EventStore store;
  private final LogStream stream;
  private final InFlight inFlight;
  private final Turns turns;
  private final List<Consumer<Commit>> followers = new CopyOnWriteArrayList<>();

  /// Contiguous blocks that wait to be applied, their events, and the position of the last.
  private final List<Block> waiting = new ArrayList<>();

  private final List<EventRecord> waitingEvents = new ArrayList<>();
  private long waitingPosition;
  private long waitingBytes;

  View(EventStore store, LogStream stream, InFlight inFlight, Turns turns) {
    this.store = store;
    this.stream = stream;
    this.inFlight = inFlight;
    this.turns = turns;
  }

  /// Hands later commits to a follower; see [io.galerne.server.log.EventLog#follow].
  long follow(Consumer<Commit> follower) {
    followers.add(follower);
    return store.head();
  }

  /// Returns the highest applied sequence.
  long head() {
    return store.head();
  }

  /// Returns the position in the stream up to which commits were applied.
  long position() {
    return store.position();
  }

  /// Makes sure that commits can be applied.
  ///
  /// @throws io.galerne.server.log.LogUnavailableException if they cannot now
  void requireWritable() {
    store.requireWritable(this::hand);
  }

  /// Adds a commit; [#flush] applies it at the latest.
  ///
  /// @param missingFrom the first of the messages before it that were not delivered; 0 if all were
  void add(CommitAssembler.Whole whole, long missingFrom) {
    CommitPart part = whole.lastPart();
    turns.committed(part.writer());
    Draft own = inFlight.take(part);
    List<Block> blocks = List.of();
    List<EventRecord> events = new ArrayList<>();
    try {
      if (own == null) {
        blocks = whole.blocks();
        blocks.forEach(block -> Collections.addAll(events, block.events()));
      }
    } catch (IllegalArgumentException e) {
      log.warn(
          "The commit at {} of the NATS stream is skipped: {}", whole.position(), e.getMessage());
      return;
    }
    long first = part.first();
    long head = waiting.isEmpty() ? store.head() : waiting.getLast().last();
    if (first <= head) {
      throw new LostEventsException(
          "Message %d of the NATS stream %s repeats the sequence %d"
              .formatted(whole.position(), stream.name(), first));
    }
    boolean isGap = first > head + 1;
    if (isGap || own != null) {
      flush();
    }
    if (own != null) {
      apply(own, whole.position());
      return;
    }
    if (isGap && missingFrom > 0) {
      lookWhyMissing(missingFrom, head, first); // before a reader crosses the gap
    }
    waiting.addAll(blocks);
    waitingEvents.addAll(events);
    waitingPosition = whole.position();
    waitingBytes += blocks.stream().mapToLong(Block::length).sum();
  }

  /// Returns whether enough waits to be applied now.
  boolean isFull() {
    return waitingBytes >= MOST_BYTES || waitingEvents.size() >= MOST_EVENTS;
  }

  /// Applies all waiting blocks.
  ///
  /// @throws io.galerne.server.log.LogUnavailableException if that fails; then it is unknown how
  ///     much was applied until the view is writable again
  void flush() {
    if (!waiting.isEmpty()) {
      List<Block> blocks = List.copyOf(waiting);
      List<EventRecord> events = List.copyOf(waitingEvents);
      clear();
      hand(store.apply(blocks, events, waitingPosition));
    }
  }

  private void apply(Draft own, long position) {
    hand(store.apply(own, position));
    own.answer();
  }

  /// Drops all waiting blocks.
  void clear() {
    waiting.clear();
    waitingEvents.clear();
    waitingBytes = 0;
  }

  private void hand(Commit commit) {
    followers.forEach(follower -> follower.accept(commit));
  }

  /// Finds out why the stream did not deliver some messages: usually other nodes expired them while
  /// this one was away.
  private void lookWhyMissing(long missingFrom, long head, long first) {
    long begin;
    try {
      begin = stream.state().first();
    } catch (LogUnreachableException e) {
      throw new LogUnavailableException(
          e.reason(), e); // the commit is read again, from the view's end
    }
    if (begin > missingFrom) {
      store.expireBefore(first);
    } else {
      log.warn(
          "Messages of the NATS stream {} were deleted: the events {} to {} are missing",
          stream.name(),
          head + 1,
          first - 1);
    }
  }

  /// Expires events whose messages the stream may still hold, as it always holds the newest commit.
  void expire() {
    store.expire();
  }
}
