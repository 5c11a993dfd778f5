package io.galerne.server.live;

import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import org.jspecify.annotations.Nullable;

/// One reader's way through the log: which events it wants, where it is, and from where it gets the
/// next ones.
///
/// A reader is *behind* or *live*. Behind, it takes events from the log or from memory until nothing
/// is left before the event that the fan-out offers next; then it goes live. Live, it takes what it is
/// offered; if its connection has no room, it is behind again, at its own position. There is one
/// position, and it only moves past events that were taken or not wanted: so nothing is left out,
/// repeated or reordered. The frame of a large event is taken in parts, so the position may lie
/// within an event; such a reader is behind.
///
/// Knows neither connections nor threads. For one thread at a time.
final class Reader {
  /// Where a reader that is behind gets its next events.
  enum Source {
    /// Nowhere: it has had everything that it asked for.
    NONE,
    /// From the fan-out: it goes live.
    FANOUT,
    /// From recent commits in memory.
    MEMORY,
    /// From the log, or from what its stream begins with instead.
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

  /// The key under which it waits for events while it is live.
  long key() {
    return key;
  }

  /// The first sequence that it has not passed.
  long position() {
    return position;
  }

  /// How many bytes of the frame at the position it has: more than 0 only within a large event.
  int part() {
    return part;
  }

  /// Whether it has the beginning of a frame but not its end, so that nothing else may follow.
  boolean isWithinFrame() {
    return part > 0;
  }

  boolean isLive() {
    return live;
  }

  /// How many sequences it is behind; 0 while it is live.
  long lag(long head) {
    return live ? 0 : Math.max(0, head + 1 - position);
  }

  /// Where its next events are, while it is behind.
  ///
  /// @param offered every sequence below it has been offered to the readers that were live then
  /// @param remembered every sequence from it on is in memory
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

  /// Whether it wants that event and has not had it.
  boolean wants(long sequence, EventRecord event) {
    return sequence >= position && filter.matches(event);
  }

  /// From now on, the fan-out offers it new events.
  void goLive() {
    live = true;
  }

  /// It has taken an event, or the last part of one.
  void took(long sequence, EventRecord event) {
    position = sequence + 1;
    part = 0;
    if (execution != null) {
      execution.see(sequence, event);
    }
  }

  /// It has taken the first `bytes` of an event's frame.
  void tookPart(long sequence, int bytes) {
    position = sequence;
    part = bytes;
  }

  /// It has taken everything that it wants up to this sequence.
  void passed(long sequence) {
    position = Math.max(position, sequence + 1);
  }

  /// It has taken a batch from the log, and continues there.
  void continueAt(StoredBatch.Start next) {
    position = next.sequence();
    part = next.part();
  }

  /// It is behind: it gets no event from this sequence on until it has caught up.
  void fallBehind(long from) {
    position = Math.max(position, from);
    live = false;
  }

  /// Whether it follows an execution that is over as far as it has been read.
  boolean isOver() {
    return execution != null && execution.isOver();
  }

  /// The sequence of the last event of the execution that it follows; 0 if there was none.
  long lastOfExecution() {
    return execution == null ? 0 : execution.lastSequence();
  }
}
