package io.galerne.server.live;

import io.galerne.server.access.Caller;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventVisitor;
import org.jspecify.annotations.Nullable;

/// A reader's request for a stream.
///
/// @param filter selects the events
/// @param from the first sequence wanted, inclusive
/// @param endAfter the last sequence wanted, inclusive; [#NO_END] for a stream without an end
/// @param execution for a stream that ends with its execution: the execution's state before `from`,
///     which the stream updates; null for other streams
/// @param caller the owner of the stream
/// @param snapshot replaces the stored events at the stream's beginning; null for none
public record StreamRequest(
    EventFilter filter,
    long from,
    long endAfter,
    @Nullable ExecutionEnd execution,
    Caller caller,
    @Nullable Snapshot snapshot) {
  /// The `endAfter` of a stream without an end.
  public static final long NO_END = Long.MAX_VALUE;

  /// A request without a snapshot.
  public StreamRequest(
      EventFilter filter,
      long from,
      long endAfter,
      @Nullable ExecutionEnd execution,
      Caller caller) {
    this(filter, from, endAfter, execution, caller, null);
  }

  /// Whether a reader at that position reads from the snapshot.
  boolean isInSnapshot(long position) {
    return snapshot != null && snapshot.covers(position);
  }

  /// Reads the next events, from the log or the snapshot, as [EventLog#read] does.
  long read(EventLog log, long from, EventVisitor visitor) {
    return snapshot != null && snapshot.covers(from)
        ? snapshot.read(from, visitor)
        : log.read(filter, from, visitor);
  }
}
