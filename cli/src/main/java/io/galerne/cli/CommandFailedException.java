package io.galerne.cli;

/// A command could not do what it was asked to. The message says what and what to do, for people.
final class CommandFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailedException(String message) {
    super(message);
  }
}
