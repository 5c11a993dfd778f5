package io.galerne.client.payload;

/// The encoding options of a payload, by their names on the wire.
final class EncodingOption {
  static final String COMPRESSED = "compressed";
  static final String ENCRYPTED = "encrypted";
  static final String ENCRYPTED_PARTIAL = "encrypted-partial";
  static final String OFFLOADED = "offloaded";

  private EncodingOption() {}
}
