package io.galerne.client;

/// There was no answer: no connection could be made, or it broke. Whether the server has done what
/// it was asked is unknown; publishing the same events again is harmless.
public final class ConnectionException extends MistralException {
  private static final long serialVersionUID = 1L;

  ConnectionException(String message, Throwable cause) {
    super(message, cause);
  }
}
