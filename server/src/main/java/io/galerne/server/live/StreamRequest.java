package io.galerne.server.live;

import io.galerne.server.access.Caller;
import io.galerne.server.log.EventFilter;
import org.jspecify.annotations.Nullable;

/// What a reader has asked for.
///
/// @param filter which events
/// @param from the first sequence wanted, inclusive
/// @param endAfter the last sequence wanted, inclusive; [#NO_END] for everything that comes
/// @param execution for a stream that ends once its execution is over: what is known of that before
///     `from`, which the stream then keeps up to date; null for a stream of anything else
/// @param caller whose stream it is
public record StreamRequest(
    EventFilter filter, long from, long endAfter, @Nullable ExecutionEnd execution, Caller caller) {
  /// The end of a stream that has none.
  public static final long NO_END = Long.MAX_VALUE;
}
