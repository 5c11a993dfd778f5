package io.galerne.client.error;

import org.jspecify.annotations.Nullable;

/// A call or a stream failed. The message names the call and the URL (without secrets), the cause,
/// and what to do. Earlier failures that were retried are suppressed exceptions.
public abstract sealed class MistralException extends RuntimeException
    permits ApiException,
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

  /// What failed, why, and what to do.
  @Override
  public String getMessage() {
    return message;
  }
}
