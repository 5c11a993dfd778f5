package io.galerne.client.stream;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A stream's connection ended or could not be opened, and the stream will reconnect.
///
/// @param reason why there is no connection
/// @param message what happened, for people
/// @param delay how long the stream waits before the next attempt
/// @param attempt the number of attempts since the stream last made progress, including the next
///     one, from 1
/// @param cause the underlying exception; null if there is none
public record Disconnect(
    Reason reason, String message, Duration delay, int attempt, @Nullable Throwable cause) {
  /// Why a stream has no connection.
  public enum Reason {
    /// The server closed the connection cleanly, as it does before it restarts.
    ROTATION,
    /// The connection broke.
    CUT,
    /// Nothing arrived for longer than the silence timeout.
    SILENCE,
    /// The server sent an error frame.
    ERROR_FRAME,
    /// No connection was made: the server was unreachable or temporarily unavailable.
    NOT_CONNECTED
  }

  /// The underlying exception; empty if there is none.
  public Optional<Throwable> failure() {
    return Optional.ofNullable(cause);
  }
}
