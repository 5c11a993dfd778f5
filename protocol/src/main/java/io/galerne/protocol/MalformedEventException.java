package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// A text is not the expected JSON. The message says where.
public final class MalformedEventException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Creates the exception.
  ///
  /// @param message what is wrong, and where
  public MalformedEventException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
