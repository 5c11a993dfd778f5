package io.galerne.client.error;

/// The answer did not arrive in time. It is unknown whether the server has done what was requested;
/// publishing the same events again is harmless.
public final class RequestTimeoutException extends MistralException {
  private static final long serialVersionUID = 1L;

  public RequestTimeoutException(String message, Throwable cause) {
    super(message, cause);
  }
}
