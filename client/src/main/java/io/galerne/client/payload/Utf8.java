package io.galerne.client.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;

/// Strict UTF-8: fails on malformed text instead of replacing it silently, as `String` would.
final class Utf8 {
  private Utf8() {}

  /// @throws IllegalArgumentException if the text has a lone surrogate, which UTF-8 cannot encode
  static byte[] bytes(String text) {
    try {
      ByteBuffer encoded = UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("A string has a lone surrogate", e);
    }
  }

  static String text(byte[] bytes) throws PayloadFault {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new PayloadFault("the decoded value is not UTF-8");
    }
  }
}
