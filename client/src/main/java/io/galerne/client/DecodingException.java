package io.galerne.client;

import org.jspecify.annotations.Nullable;

/// The server's answer is not what the wire's contract says it would be.
public final class DecodingException extends MistralException {
  private static final long serialVersionUID = 1L;

  DecodingException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
