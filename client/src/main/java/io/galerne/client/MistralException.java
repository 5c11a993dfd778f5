package io.galerne.client;

import org.jspecify.annotations.Nullable;

/// Something that the client was asked for could not be done. Its message says which call, which
/// URL (without secrets) and what to do.
public abstract sealed class MistralException extends RuntimeException
    permits SdkException,
        ConnectionException,
        RequestTimeoutException,
        StreamException,
        CheckpointException,
        DecodingException {
  private static final long serialVersionUID = 1L;

  private final String message;

  MistralException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.message = message;
  }

  /// What could not be done, why, and what to do.
  @Override
  public String getMessage() {
    return message;
  }
}
