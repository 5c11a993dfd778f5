package io.galerne.server.ingest;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// Escapes of half a surrogate pair, such as `\\ud83d` alone: workers send them where a token splits an
/// emoji. One of them makes every page and stream that contains it unreadable for the official Python
/// client, so each becomes `\\ufffd`, the replacement character, which is as long (contract, section 1).
final class LoneSurrogates {
  private static final byte[] REPLACEMENT = "\\ufffd".getBytes(US_ASCII);

  private LoneSurrogates() {}

  /// Replaces them in the JSON text, in place.
  static void replace(byte[] json) {
    int at = 0;
    while (at < json.length) {
      if (json[at] != '\\') {
        at++;
        continue;
      }
      int unit = unit(json, at);
      if (unit < 0 || !Character.isSurrogate((char) unit)) {
        at += 2; // what follows of a longer escape are digits
      } else if (isPair(json, at, unit)) {
        at += 2 * REPLACEMENT.length;
      } else {
        System.arraycopy(REPLACEMENT, 0, json, at, REPLACEMENT.length);
        at += REPLACEMENT.length;
      }
    }
  }

  private static boolean isPair(byte[] json, int at, int unit) {
    int next = unit(json, at + REPLACEMENT.length);
    return next >= 0 && Character.isSurrogatePair((char) unit, (char) next);
  }

  /// The UTF-16 unit that the escape at `at` stands for; -1 if it is none of this kind.
  static int unit(byte[] json, int at) {
    if (at + REPLACEMENT.length > json.length || json[at] != '\\' || json[at + 1] != 'u') {
      return -1;
    }
    int unit = 0;
    for (int i = at + 2; i < at + REPLACEMENT.length; i++) {
      int digit = Character.digit((char) (json[i] & 0xFF), 16);
      if (digit < 0) {
        return -1;
      }
      unit = unit * 16 + digit;
    }
    return unit;
  }
}
