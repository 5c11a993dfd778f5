package io.galerne.server.live;

import io.galerne.server.access.Caller;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventVisitor;
import org.jspecify.annotations.Nullable;

/// What a reader has asked for.
///
/// @param filter which events
/// @param from the first sequence wanted, inclusive
/// @param endAfter the last sequence wanted, inclusive; [#NO_END] for a stream without an end
/// @param execution for a stream that ends once its execution is over: what is known of that before
///     `from`, which the stream then keeps up to date; null for a stream of anything else
/// @param caller whose stream it is
/// @param snapshot what the stream begins with instead of what is stored; null for what is stored
public record StreamRequest(
    EventFilter filter,
    long from,
    long endAfter,
    @Nullable ExecutionEnd execution,
    Caller caller,
    @Nullable Snapshot snapshot) {
  /// The end of a stream that has none.
  public static final long NO_END = Long.MAX_VALUE;

  /// Of a stream that begins with what is stored.
  public StreamRequest(
      EventFilter filter,
      long from,
      long endAfter,
      @Nullable ExecutionEnd execution,
      Caller caller) {
    this(filter, from, endAfter, execution, caller, null);
  }

  /// Whether what a reader at that position gets next comes from the snapshot.
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
