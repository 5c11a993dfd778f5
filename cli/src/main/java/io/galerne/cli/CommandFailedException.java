package io.galerne.cli;

/// A command could not do what it was asked to. The message says what and what to do, for people.
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
