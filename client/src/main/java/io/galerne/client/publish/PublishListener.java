package io.galerne.client.publish;

import java.util.List;

/// Receives the results of a [BatchingPublisher]'s events. Called on the publisher's thread; must
/// not block. Exceptions are logged.
public interface PublishListener {
  /// Called when events are durable.
  ///
  /// @param events in the order in which they were added
  default void onSent(List<OutgoingEvent> events) {}

  /// Called if events could not be sent or the server refused them. Later events are still sent.
  ///
  /// @param events in the order in which they were added
  /// @param failure an [io.galerne.client.error.InvalidRequestException] or an
  ///     [io.galerne.client.error.ApiException] of status 413 if the server refused the event
  ///     itself; otherwise the failure of the last attempt
  default void onFailed(List<OutgoingEvent> events, RuntimeException failure) {}
}
