package io.galerne.client;

import java.util.List;

/// Hears what becomes of the events that a [BatchingPublisher] was given. Called on the publisher's
/// thread; must not block. What it throws is logged.
public interface PublishListener {
  /// These are durable.
  ///
  /// @param events in the order in which they were given
  default void onSent(List<OutgoingEvent> events) {}

  /// These could not be sent, or the server refused them. Those behind them are sent all the same.
  ///
  /// @param events in the order in which they were given
  /// @param failure an [io.galerne.client.error.InvalidRequestException] or an
  ///     [io.galerne.client.error.ApiException] of status 413 where the server found fault with the
  ///     very event; otherwise what made trying again useless
  default void onFailed(List<OutgoingEvent> events, RuntimeException failure) {}
}
