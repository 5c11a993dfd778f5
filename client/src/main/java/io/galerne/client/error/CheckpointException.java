package io.galerne.client.error;

import org.jspecify.annotations.Nullable;

/// A checkpoint cannot be read or saved, or is claimed by another consumer. The message names it
/// and says what to do.
public final class CheckpointException extends MistralException {
  private static final long serialVersionUID = 1L;

  /// For implementations of [io.galerne.client.checkpoint.CheckpointStore].
  public CheckpointException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
