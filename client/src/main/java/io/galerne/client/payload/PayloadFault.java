package io.galerne.client.payload;

import org.jspecify.annotations.Nullable;

/// Why a payload cannot be decoded, and what to do: half a sentence behind "cannot be decoded:".
/// Becomes a [io.galerne.client.error.DecodingException] if it is known which payload it is. Has
/// no cause that may show what the payload holds.
final class PayloadFault extends Exception {
  private static final long serialVersionUID = 1L;

  PayloadFault(String message) {
    this(message, null);
  }

  PayloadFault(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
