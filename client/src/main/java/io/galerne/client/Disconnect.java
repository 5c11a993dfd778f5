package io.galerne.client;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A stream's connection ended, and the stream will come back.
///
/// @param reason how it ended
/// @param message what happened, in words
/// @param delay how long the stream waits before it tries again
/// @param attempt the how many-th try in vain that will be, from 1
/// @param cause null where no exception tells more
public record Disconnect(
    Reason reason, String message, Duration delay, int attempt, @Nullable Throwable cause) {
  /// How a connection ended.
  public enum Reason {
    /// The server ended it in order, as it does before it restarts.
    ROTATION,
    /// It broke.
    CUT,
    /// Nothing came for longer than the silence timeout.
    SILENCE,
    /// The server sent an error frame.
    ERROR_FRAME,
    /// There was none: the server was not reachable, or answered that it cannot now.
    NOT_CONNECTED
  }

  /// The exception that tells more.
  public Optional<Throwable> failure() {
    return Optional.ofNullable(cause);
  }
}
