package io.galerne.client.error;

/// There was no answer: no connection could be made, or it broke. It is unknown whether the server
/// has done what was requested; publishing the same events again is harmless.
public final class ConnectionException extends MistralException {
  private static final long serialVersionUID = 1L;

  public ConnectionException(String message, Throwable cause) {
    super(message, cause);
  }
}
