package io.galerne.client;

import io.galerne.protocol.StreamEvent;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/// What a stream is to do. Immutable.
///
/// @param fresh the call where there is no position yet
/// @param resuming the call behind a position
/// @param startSequence first sequence that [#fresh] wants; negative for what comes from now on
/// @param isLast tells the event after which nothing more is wanted
/// @param end what it means that the server ends the connection in order
record StreamPlan(
    Call fresh,
    LongFunction<Call> resuming,
    long startSequence,
    Predicate<StreamEvent> isLast,
    OrderlyEnd end,
    StreamOptions options) {
  /// What it means that the server ends the connection in order.
  enum OrderlyEnd {
    /// It will be restarted, or moves its readers: the stream goes on elsewhere.
    ROTATION,
    /// Rotation; but where that comes again and again with nothing before it, there is nothing.
    ROTATION_OR_NOTHING_LEFT,
    /// All that is stored has been delivered.
    NOTHING_LEFT
  }
}
