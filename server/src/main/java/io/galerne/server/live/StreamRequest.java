package io.galerne.server.live;

import io.galerne.server.access.Caller;
import io.galerne.server.log.EventFilter;

/// What a reader has asked for.
///
/// @param filter which events
/// @param from the first sequence wanted, inclusive
/// @param endAfter the last sequence wanted, inclusive; [#FOR_EVER] to go on
/// @param untilTerminal whether the stream ends after the event that ends the execution
/// @param caller whose stream it is
/// @param chunked whether the connection frames its body in chunks: HTTP/1.1 does, 1.0 does not
public record StreamRequest(
    EventFilter filter,
    long from,
    long endAfter,
    boolean untilTerminal,
    Caller caller,
    boolean chunked) {
  /// The end of a stream that has none.
  public static final long FOR_EVER = Long.MAX_VALUE;
}
