package io.galerne.client.error;

/// The response did not arrive in time. The server may or may not have executed the request;
/// publishing the same events again is harmless.
public final class RequestTimeoutException extends MistralException {
  private static final long serialVersionUID = 1L;

  /// Creates the exception. Needed only by tests that replace the client.
  ///
  /// @param message what failed, why, and what to do
  public RequestTimeoutException(String message, Throwable cause) {
    super(message, cause);
  }
}
