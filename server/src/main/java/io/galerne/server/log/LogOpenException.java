package io.galerne.server.log;

/// A log cannot be opened. The message names the log, the cause and what to do.
public final class LogOpenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LogOpenException(String message) {
    super(message);
  }

  public LogOpenException(String message, Throwable cause) {
    super(message, cause);
  }
}
