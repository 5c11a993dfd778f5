package io.galerne.client.stream;

import io.galerne.protocol.StreamEvent;

/// Handles a consumer's events.
///
/// @param <X> the exception that it may throw
@FunctionalInterface
public interface EventHandler<X extends Exception> {
  /// Handles an event; returns once that is done. An exception ends the consumer, and the event is
  /// delivered again at the next start.
  void handle(StreamEvent event) throws X;
}
