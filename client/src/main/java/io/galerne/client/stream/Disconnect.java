package io.galerne.client.stream;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A stream's connection ended or could not be opened, and the stream will reconnect. Immutable.
public final class Disconnect {
  private final Reason reason;
  private final String message;
  private final Duration delay;
  private final int attempt;
  private final @Nullable Throwable cause;

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

  private Disconnect(
      Reason reason, String message, Duration delay, int attempt, @Nullable Throwable cause) {
    this.reason = reason;
    this.message = message;
    this.delay = delay;
    this.attempt = attempt;
    this.cause = cause;
  }

  /// Makes a disconnect. Needed only by tests of listeners.
  ///
  /// @param attempt the number of the next attempt, from 1
  /// @param cause the underlying exception; null if there is none
  public static Disconnect of(
      Reason reason, String message, Duration delay, int attempt, @Nullable Throwable cause) {
    return new Disconnect(reason, message, delay, attempt, cause);
  }

  /// Why there is no connection.
  public Reason reason() {
    return reason;
  }

  /// What happened, for people.
  public String message() {
    return message;
  }

  /// How long the stream waits before the next attempt.
  public Duration delay() {
    return delay;
  }

  /// The number of attempts since the stream last made progress, including the next one, from 1.
  public int attempt() {
    return attempt;
  }

  /// The underlying exception; empty if there is none.
  public Optional<Throwable> failure() {
    return Optional.ofNullable(cause);
  }

  @Override
  public String toString() {
    return "Disconnect[" + reason + ", attempt " + attempt + " in " + delay + ": " + message + "]";
  }
}
