package io.galerne.client.error;

import io.galerne.client.checkpoint.Checkpoint;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A stream cannot continue. [#position()] says where to resume.
public final class StreamException extends MistralException {
  private static final long serialVersionUID = 1L;

  /// Why a stream cannot continue.
  public enum Kind {
    /// The server sent an error frame, and the stream does not reconnect.
    ERROR_FRAME,
    /// The connection broke, and the stream does not reconnect.
    CUT,
    /// Nothing arrived for longer than the silence timeout, and the stream does not reconnect.
    SILENCE,
    /// Reconnecting failed for as long as the [io.galerne.client.Reconnection] allows.
    GAVE_UP,
    /// An event arrived out of order.
    OUT_OF_ORDER,
    /// The log is not the one of the position, or was restored to an earlier state: resuming would
    /// skip or repeat events.
    LOG_CHANGED,
    /// Events expired before they were delivered, and the request sets `failOnGap()`.
    GAP,
    /// A frame is not a stream event.
    MALFORMED,
    /// The reading thread was interrupted.
    INTERRUPTED
  }

  private final Kind kind;
  private final @Nullable Checkpoint position;

  /// Creates the exception. Needed only by tests that replace the client.
  ///
  /// @param message what failed, why, and what to do
  /// @param position the position after the last delivered event; null if there is none
  public StreamException(
      Kind kind, String message, @Nullable Checkpoint position, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.position = position;
  }

  /// Why the stream cannot continue.
  public Kind kind() {
    return kind;
  }

  /// The position after the last delivered event: pass it to `resumeAfter` to continue. Empty if
  /// nothing was delivered and the request set no position.
  public Optional<Checkpoint> position() {
    return Optional.ofNullable(position);
  }
}
