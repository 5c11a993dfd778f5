package io.galerne.client;

/// The answer did not come in time. Whether the server has done what it was asked is unknown;
/// publishing the same events again is harmless.
public final class RequestTimeoutException extends MistralException {
  private static final long serialVersionUID = 1L;

  RequestTimeoutException(String message, Throwable cause) {
    super(message, cause);
  }
}
