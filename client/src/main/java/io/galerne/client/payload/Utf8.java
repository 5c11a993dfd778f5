package io.galerne.client.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;

/// Text as bytes and back, where nothing may be replaced in silence, as `String` would.
final class Utf8 {
  private Utf8() {}

  /// @throws IllegalArgumentException where the text has half a character, which UTF-8 cannot write
  static byte[] bytes(String text) {
    try {
      ByteBuffer encoded = UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("A string has half a character, a lone surrogate", e);
    }
  }

  static String text(byte[] bytes) throws PayloadFault {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new PayloadFault("what it decodes to is not text in UTF-8");
    }
  }
}
