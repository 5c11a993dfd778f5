package io.galerne.client.error;

import org.jspecify.annotations.Nullable;

/// Received data cannot be decoded: the server's response violates the contract, or the client's
/// decoder cannot decode a payload. Never shows the content of a payload.
public final class DecodingException extends MistralException {
  private static final long serialVersionUID = 1L;

  /// Creates the exception. Needed only by payload stores and by tests.
  ///
  /// @param message what failed, why, and what to do
  public DecodingException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
