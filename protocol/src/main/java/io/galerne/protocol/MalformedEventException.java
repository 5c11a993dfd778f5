package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// A text is not the JSON that it should be. Says where.
public final class MalformedEventException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedEventException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
