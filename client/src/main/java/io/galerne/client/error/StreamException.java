package io.galerne.client.error;

import io.galerne.client.Checkpoint;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A stream cannot go on. It knows where to resume from.
public final class StreamException extends MistralException {
  private static final long serialVersionUID = 1L;

  /// Why a stream cannot go on.
  public enum Kind {
    /// The server sent an error frame, and the stream does not reconnect.
    ERROR_FRAME,
    /// The connection broke, and the stream does not reconnect.
    CUT,
    /// Nothing came for longer than the silence timeout, and the stream does not reconnect.
    SILENCE,
    /// It reconnected unsuccessfully for as long as its [io.galerne.client.Reconnection] allows.
    GAVE_UP,
    /// An event came out of its order, or one that should have come before.
    OUT_OF_ORDER,
    /// The log is another one than that which the position is of, or was put back to an earlier
    /// state: resuming would skip or repeat events.
    LOG_CHANGED,
    /// Events that were not delivered yet have expired, and the request said that this must not be.
    GAP,
    /// A frame that is no stream event.
    MALFORMED,
    /// The reading thread was interrupted.
    INTERRUPTED
  }

  private final Kind kind;
  private final transient @Nullable Checkpoint position;

  public StreamException(
      Kind kind, String message, @Nullable Checkpoint position, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.position = position;
  }

  public Kind kind() {
    return kind;
  }

  /// What the stream had handed out: pass it to `resumeAfter` to continue after it. Empty if it
  /// had handed out nothing and was not told where to begin.
  public Optional<Checkpoint> position() {
    return Optional.ofNullable(position);
  }
}
