package io.galerne.client.error;

import org.jspecify.annotations.Nullable;

/// What came cannot be read: the server's answer is not what the wire's contract says it would be,
/// or an encoded payload cannot be decoded with what the client was given. Never shows what a
/// payload holds.
public final class DecodingException extends MistralException {
  private static final long serialVersionUID = 1L;

  public DecodingException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
