package io.galerne.client.payload;

/// The wire's words for what may have been done to a payload.
final class EncodingOption {
  static final String COMPRESSED = "compressed";
  static final String ENCRYPTED = "encrypted";
  static final String ENCRYPTED_PARTIAL = "encrypted-partial";
  static final String OFFLOADED = "offloaded";

  private EncodingOption() {}
}
