package io.galerne.server.live;

import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import org.jspecify.annotations.Nullable;

/// One reader's progress through the log: its filter, its position, and the source of its next
/// events.
///
/// A reader is *behind* or *live*. If behind, it takes events from the log or from memory up to the
/// event that the fan-out offers next; then it goes live. If live, it takes what it is offered; if
/// its connection has no room, it falls behind again, at its own position. The position only moves
/// past events that were taken or do not match, so nothing is omitted, repeated or reordered. The
/// frame of a large event is taken in parts, so the position may lie within an event; such a reader
/// is behind.
///
/// Depends on neither connections nor threads. For one thread at a time.
final class Reader {
  /// The source of the next events of a reader that is behind.
  enum Source {
    /// None: it has had everything it requested.
    NONE,
    /// The fan-out: it goes live.
    FANOUT,
    /// Recent commits in memory.
    MEMORY,
    /// The log, or the snapshot that its stream begins with.
    LOG
  }

  private final StreamRequest request;
  private final EventFilter filter;
  private final long endAfter;
  private final @Nullable ExecutionEnd execution;
  private final long key;

  private long position;
  private int part;
  private boolean live;

  Reader(StreamRequest request) {
    this.request = request;
    this.filter = request.filter();
    this.endAfter = request.endAfter();
    this.execution = request.execution();
    this.key = filter.waitingKey();
    this.position = request.from();
  }

  /// The key under which it waits for events while live.
  long key() {
    return key;
  }

  /// The first sequence that it has not passed.
  long position() {
    return position;
  }

  /// The number of bytes it has of the frame at the position; above 0 only within a large event.
  int part() {
    return part;
  }

  /// Whether it has a part of a frame, so that only the rest may follow.
  boolean isWithinFrame() {
    return part > 0;
  }

  boolean isLive() {
    return live;
  }

  /// The number of sequences it is behind; 0 while live.
  long lag(long head) {
    return live ? 0 : Math.max(0, head + 1 - position);
  }

  /// The source of its next events while it is behind.
  ///
  /// @param offered every lower sequence has been offered to the readers that were live then
  /// @param remembered all sequences from this one on are in memory
  Source source(long offered, long remembered) {
    if (position > endAfter) {
      return Source.NONE;
    }
    if (endAfter != StreamRequest.NO_END || request.isInSnapshot(position)) {
      return Source.LOG;
    }
    if (position >= offered && part == 0) {
      return Source.FANOUT;
    }
    return position >= remembered ? Source.MEMORY : Source.LOG;
  }

  /// Whether the event matches and is not taken yet.
  boolean wants(long sequence, EventRecord event) {
    return sequence >= position && filter.matches(event);
  }

  /// Goes live: from now on, the fan-out offers it new events.
  void goLive() {
    live = true;
  }

  /// Records that it took an event, or the last part of one.
  void took(long sequence, EventRecord event) {
    position = sequence + 1;
    part = 0;
    if (execution != null) {
      execution.see(sequence, event);
    }
  }

  /// Records that it took the first `bytes` of an event's frame.
  void tookPart(long sequence, int bytes) {
    position = sequence;
    part = bytes;
  }

  /// Records that it took every match up to this sequence, inclusive.
  void passed(long sequence) {
    position = Math.max(position, sequence + 1);
  }

  /// Records that it took a batch from the log, and continues after it.
  void continueAt(StoredBatch.Start next) {
    position = next.sequence();
    part = next.part();
  }

  /// Falls behind: it gets no event from this sequence on until it has caught up.
  void fallBehind(long from) {
    position = Math.max(position, from);
    live = false;
  }

  /// Whether the execution it follows is over, as far as it has been read.
  boolean isOver() {
    return execution != null && execution.isOver();
  }

  /// The sequence of the last event of the execution it follows; 0 if there was none.
  long lastOfExecution() {
    return execution == null ? 0 : execution.lastSequence();
  }
}
