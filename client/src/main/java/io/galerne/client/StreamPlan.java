package io.galerne.client;

import io.galerne.protocol.StreamEvent;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a stream does. Immutable.
///
/// @param fresh the call if there is no position yet
/// @param resuming the call after a position
/// @param startSequence first sequence that [#fresh] requests; negative for only new events
/// @param wanted tells which of the received events are handed out
/// @param until what ends the stream; null if nothing but the server does
/// @param end what it means if the server ends the connection cleanly
record StreamPlan(
    Call fresh,
    LongFunction<Call> resuming,
    long startSequence,
    Predicate<StreamEvent> wanted,
    @Nullable UntilOver until,
    OrderlyEnd end,
    StreamOptions options) {
  /// Ends the stream when an execution is over.
  ///
  /// @param execution null for any root
  /// @param hidden whether filters may hide a run from the stream, so that only the list of what is
  ///     stored can confirm that the execution is over
  record UntilOver(@Nullable String execution, boolean hidden) {}

  /// What it means if the server ends the connection cleanly.
  enum OrderlyEnd {
    /// It restarts, or moves its readers: the stream continues on another connection.
    ROTATION,
    /// Rotation; but if that happens again and again without an event, there is nothing left.
    ROTATION_OR_NOTHING_LEFT,
    /// Everything stored has been delivered.
    NOTHING_LEFT
  }
}
