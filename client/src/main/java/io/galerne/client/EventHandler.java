package io.galerne.client;

import io.galerne.protocol.StreamEvent;

/// What a consumer does with each event.
///
/// @param <X> what it may throw
@FunctionalInterface
public interface EventHandler<X extends Exception> {
  /// Handles an event; returns once that is done. What it throws ends the consumer, and the event
  /// comes again at the next start.
  void handle(StreamEvent event) throws X;
}
