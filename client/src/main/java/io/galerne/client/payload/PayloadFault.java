package io.galerne.client.payload;

import org.jspecify.annotations.Nullable;

/// Why a payload cannot be decoded, and what to do: completes the sentence after "cannot be
/// decoded:". The caller that knows the payload turns it into a
/// [io.galerne.client.error.DecodingException]. Has no cause that could show the payload.
final class PayloadFault extends Exception {
  private static final long serialVersionUID = 1L;

  PayloadFault(String message) {
    this(message, null);
  }

  PayloadFault(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
