package io.galerne.cli;

/// A command failed. The message is for people: it says what failed and what to do.
public final class CommandFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message one line
  public CommandFailedException(String message) {
    super(message);
  }

  /// @param cause for the log
  public CommandFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
