package io.galerne.client.error;

import org.jspecify.annotations.Nullable;

/// A checkpoint cannot be read or saved, or belongs to another consumer. The message says which and
/// what to do.
public final class CheckpointException extends MistralException {
  private static final long serialVersionUID = 1L;

  /// For stores of checkpoints.
  public CheckpointException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
