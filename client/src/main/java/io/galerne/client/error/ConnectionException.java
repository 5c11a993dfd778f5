package io.galerne.client.error;

/// There was no response: no connection could be opened, or it broke. The server may or may not
/// have executed the request; publishing the same events again is harmless.
public final class ConnectionException extends MistralException {
  private static final long serialVersionUID = 1L;

  /// Creates the exception. Needed only by tests that replace the client.
  ///
  /// @param message what failed, why, and what to do
  public ConnectionException(String message, Throwable cause) {
    super(message, cause);
  }
}
