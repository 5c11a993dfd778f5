package io.galerne.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A JSON tokenizer (RFC 8259, UTF-8): reads the bytes in one pass, decodes lazily, and measures
/// what some readers limit.
///
/// Replaces lone surrogates in the text itself: workers send half a pair, such as `\\ud83d`, if a
/// token splits an emoji, and the official Python client cannot read any page or stream that
/// contains one. Each becomes `\\ufffd`, which has the same length (contract, section 1).
///
/// For one text, by one thread.
final class JsonScanner {
  /// Limits of Jackson, the parser of most Java clients, including ours.
  static final int MOST_DEPTH = 500;

  static final int MOST_NAME_BYTES = 50_000;
  static final int MOST_NUMBER_DIGITS = 1_000;

  static final String LIMITS =
      "a number has at most %d characters and a name %d, and nothing is nested more than %d levels"
              .formatted(MOST_NUMBER_DIGITS, MOST_NAME_BYTES, MOST_DEPTH)
          + " deep";

  /// Limit of an exponent's digits. `BigDecimal` fails at 1e2147483648, and much earlier in plain
  /// notation; a double is infinite beyond 1e308 anyway.
  static final int EXPONENT_DIGITS = 4;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private static final byte[] REPLACEMENT = {'\\', 'u', 'f', 'f', 'f', 'd'};
  private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
  private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  // The states of a nesting level.
  private static final byte EMPTY_ARRAY = 0;
  private static final byte ARRAY = 1;
  private static final byte EMPTY_OBJECT = 2;
  private static final byte OBJECT = 3;

  /// An object after a name and before its value.
  private static final byte OBJECT_AFTER_NAME = 4;

  private final byte[] text;
  private final int limit;

  /// Index of the next byte to read.
  private int at;

  private byte[] levels = new byte[16];
  private int depth;
  private boolean done;

  private @Nullable JsonToken token;
  private int start;
  private boolean escaped;
  private int nameStart;
  private int nameEnd;
  private boolean nameEscaped;

  private int lineBreaks;
  private int savedByEscapes;
  private int deepest;
  private int largeExponentAt = -1;

  /// Reads the bytes of the text from `from` to `to` (exclusive).
  JsonScanner(byte[] text, int from, int to) {
    this.text = text;
    this.at = from;
    this.limit = to;
  }

  /// Moves to the next token.
  ///
  /// @return null at the end of the text
  /// @throws JsonSyntaxException if the text is not JSON, or exceeds a limit
  @Nullable JsonToken next() {
    skipSpace();
    if (depth == 0) {
      return done ? finish() : value();
    }
    byte level = levels[depth - 1];
    return switch (level) {
      case OBJECT_AFTER_NAME -> {
        expect(':', "a colon is missing after a name");
        levels[depth - 1] = OBJECT;
        skipSpace();
        yield value();
      }
      case EMPTY_OBJECT, OBJECT -> name(level);
      default -> element(level);
    };
  }

  private @Nullable JsonToken finish() {
    if (at < limit) {
      throw new JsonSyntaxException(at, "something follows the JSON value");
    }
    token = null;
    start = at;
    return null;
  }

  private JsonToken name(byte level) {
    if (peek() == '}') {
      return close(JsonToken.OBJECT_END);
    }
    if (level == OBJECT) {
      expect(',', "a comma or a closing brace is missing after a member");
      skipSpace();
    }
    if (peek() != '"') {
      throw new JsonSyntaxException(at, "a name in double quotes is missing");
    }
    levels[depth - 1] = OBJECT_AFTER_NAME;
    start = at;
    scanString();
    nameStart = start + 1;
    nameEnd = at - 1;
    nameEscaped = escaped;
    if (nameEnd - nameStart > MOST_NAME_BYTES) {
      throw new JsonSyntaxException(start, LIMITS);
    }
    token = JsonToken.NAME;
    return JsonToken.NAME;
  }

  private JsonToken element(byte level) {
    if (peek() == ']') {
      return close(JsonToken.ARRAY_END);
    }
    if (level == ARRAY) {
      expect(',', "a comma or a closing bracket is missing after an element");
      skipSpace();
    } else {
      levels[depth - 1] = ARRAY;
    }
    return value();
  }

  private JsonToken value() {
    start = at;
    if (depth == 0) {
      done = true;
    }
    JsonToken found =
        switch (peek()) {
          case '"' -> {
            scanString();
            yield JsonToken.STRING;
          }
          case '{' -> open(EMPTY_OBJECT, JsonToken.OBJECT_START);
          case '[' -> open(EMPTY_ARRAY, JsonToken.ARRAY_START);
          case 't' -> word(TRUE, JsonToken.TRUE);
          case 'f' -> word(FALSE, JsonToken.FALSE);
          case 'n' -> word(NULL, JsonToken.NULL);
          case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
          case -1 -> throw new JsonSyntaxException(at, "it ends before it is complete");
          default -> throw new JsonSyntaxException(at, "a value is missing");
        };
    token = found;
    return found;
  }

  private JsonToken open(byte level, JsonToken opened) {
    if (depth == MOST_DEPTH) {
      throw new JsonSyntaxException(at, LIMITS);
    }
    if (depth == levels.length) {
      levels = Arrays.copyOf(levels, 2 * depth);
    }
    levels[depth++] = level;
    deepest = Math.max(deepest, depth);
    at++;
    return opened;
  }

  private JsonToken close(JsonToken closed) {
    start = at++;
    depth--;
    token = closed;
    return closed;
  }

  private JsonToken word(byte[] word, JsonToken found) {
    for (byte letter : word) {
      if (at == limit || text[at] != letter) {
        throw new JsonSyntaxException(start, "only true, false and null are words of JSON");
      }
      at++;
    }
    return found;
  }

  private JsonToken number() {
    JsonToken found = JsonToken.INTEGER;
    if (text[at] == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
      if (isDigit(peek())) {
        throw new JsonSyntaxException(start, "a number must not begin with a zero");
      }
    } else {
      digits();
    }
    if (peek() == '.') {
      found = JsonToken.DECIMAL;
      at++;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      found = JsonToken.DECIMAL;
      exponent();
    }
    if (at - start > MOST_NUMBER_DIGITS) {
      throw new JsonSyntaxException(start, LIMITS);
    }
    return found;
  }

  private void exponent() {
    at++;
    if (peek() == '+' || peek() == '-') {
      at++;
    }
    int first = at;
    digits();
    while (first < at && text[first] == '0') {
      first++;
    }
    if (largeExponentAt < 0 && at - first > EXPONENT_DIGITS) {
      largeExponentAt = start;
    }
  }

  private void digits() {
    int first = at;
    while (at < limit && isDigit(text[at])) {
      at++;
    }
    if (at == first) {
      throw new JsonSyntaxException(at, "a digit is missing in a number");
    }
  }

  private static boolean isDigit(int letter) {
    return letter >= '0' && letter <= '9';
  }

  /// Reads a string from its opening quote, the current byte, through its closing quote.
  private void scanString() {
    escaped = false;
    at++;
    while (true) {
      at = plainEnd(at);
      int letter = peek();
      if (letter == '"') {
        at++;
        return;
      }
      if (letter == '\\') {
        escaped = true;
        escape();
      } else if (letter < 0) {
        throw new JsonSyntaxException(at, "a string has no end");
      } else if (letter < ' ') {
        throw new JsonSyntaxException(at, "a control character in a string must be escaped");
      } else {
        multibyte(letter);
      }
    }
  }

  /// Index of the first byte from `from` on that needs special handling; scans eight bytes at a
  /// time.
  private int plainEnd(int from) {
    int i = from;
    while (i <= limit - Long.BYTES) {
      long word = (long) LONGS.get(text, i);
      long quote = word ^ ('"' * ONES);
      long backslash = word ^ ('\\' * ONES);
      long found =
          (word
                  | (word - ' ' * ONES)
                  | ((quote - ONES) & ~quote)
                  | ((backslash - ONES) & ~backslash))
              & HIGH_BITS;
      if (found != 0) {
        // A borrow may mark bytes after the first match, never before it.
        return i + (Long.numberOfTrailingZeros(found) >>> 3);
      }
      i += Long.BYTES;
    }
    while (i < limit && text[i] >= ' ' && text[i] != '"' && text[i] != '\\') {
      i++;
    }
    return i;
  }

  private void escape() {
    int letter = at + 1 < limit ? text[at + 1] : -1;
    switch (letter) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
        at += 2;
        savedByEscapes++;
      }
      case 'u' -> {
        int unit = unit(at);
        if (unit < 0) {
          throw new JsonSyntaxException(at, "\\u must be followed by four hexadecimal digits");
        }
        if (!Character.isSurrogate((char) unit)) {
          at += REPLACEMENT.length;
          savedByEscapes += REPLACEMENT.length - (unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3);
        } else if (Character.isSurrogatePair((char) unit, (char) unit(at + REPLACEMENT.length))) {
          at += 2 * REPLACEMENT.length;
          savedByEscapes += 2 * REPLACEMENT.length - 4;
        } else {
          System.arraycopy(REPLACEMENT, 0, text, at, REPLACEMENT.length);
          at += REPLACEMENT.length;
          savedByEscapes += REPLACEMENT.length - 3;
        }
      }
      default -> throw new JsonSyntaxException(at, "there is no such escape in JSON");
    }
  }

  /// The UTF-16 unit of the escape at `from`; -1 if there is none.
  private int unit(int from) {
    if (from + REPLACEMENT.length > limit || text[from] != '\\' || text[from + 1] != 'u') {
      return -1;
    }
    int unit = 0;
    for (int i = from + 2; i < from + REPLACEMENT.length; i++) {
      int digit = Character.digit((char) (text[i] & 0xFF), 16);
      if (digit < 0) {
        return -1;
      }
      unit = unit * 16 + digit;
    }
    return unit;
  }

  /// Skips a multi-byte character with the given first byte.
  private void multibyte(int first) {
    int second = at + 1 < limit ? text[at + 1] & 0xFF : 0;
    boolean sound;
    int length;
    if (first < 0xE0) {
      length = 2;
      sound = first >= 0xC2 && second >= 0x80 && second < 0xC0;
    } else if (first < 0xF0) {
      length = 3;
      int least = first == 0xE0 ? 0xA0 : 0x80; // excludes overlong forms
      int most = first == 0xED ? 0x9F : 0xBF; // excludes surrogates
      sound = second >= least && second <= most && isContinuation(at + 2);
    } else {
      length = 4;
      int least = first == 0xF0 ? 0x90 : 0x80;
      int most = first == 0xF4 ? 0x8F : 0xBF;
      sound =
          first <= 0xF4
              && second >= least
              && second <= most
              && isContinuation(at + 2)
              && isContinuation(at + 3);
    }
    if (!sound) {
      throw new JsonSyntaxException(at, "it must be UTF-8 without a byte order mark");
    }
    at += length;
  }

  private boolean isContinuation(int i) {
    return i < limit && (text[i] & 0xC0) == 0x80;
  }

  private void skipSpace() {
    while (at < limit) {
      byte letter = text[at];
      if (letter == '\n' || letter == '\r') {
        lineBreaks++;
      } else if (letter != ' ' && letter != '\t') {
        return;
      }
      at++;
    }
  }

  /// The current byte, unsigned; -1 at the end.
  private int peek() {
    return at < limit ? text[at] & 0xFF : -1;
  }

  private void expect(char letter, String otherwise) {
    if (peek() != letter) {
      throw new JsonSyntaxException(at, otherwise);
    }
    at++;
  }

  /// Moves to the end of the current value.
  void skipValue() {
    if (token == JsonToken.OBJECT_START || token == JsonToken.ARRAY_START) {
      int outer = depth - 1;
      while (depth > outer) {
        next();
      }
    }
  }

  /// The current token; null before the first and after the last.
  @Nullable JsonToken token() {
    return token;
  }

  /// Index of the current token's start.
  int start() {
    return start;
  }

  /// Index of the current token's end (exclusive).
  int end() {
    return at;
  }

  /// Index of the last name's start, after its quote.
  int nameStart() {
    return nameStart;
  }

  int nameEnd() {
    return nameEnd;
  }

  /// The last name read.
  String name() {
    return decoded(nameStart, nameEnd, nameEscaped);
  }

  /// The current string or name.
  String string() {
    return decoded(start + 1, at - 1, escaped);
  }

  /// Whether the current string or name has escapes.
  boolean isEscaped() {
    return escaped;
  }

  private String decoded(int from, int to, boolean hasEscapes) {
    if (!hasEscapes) {
      return new String(text, from, to - from, UTF_8);
    }
    byte[] plain = new byte[to - from];
    int length = 0;
    int i = from;
    while (i < to) {
      if (text[i] != '\\') {
        plain[length++] = text[i++];
        continue;
      }
      int unit = unit(i);
      if (unit < 0) {
        plain[length++] = unescaped(text[i + 1]);
        i += 2;
        continue;
      }
      int point = unit;
      i += REPLACEMENT.length;
      if (Character.isHighSurrogate((char) unit)) { // lone ones have been replaced
        point = Character.toCodePoint((char) unit, (char) unit(i));
        i += REPLACEMENT.length;
      }
      byte[] character = Character.toString(point).getBytes(UTF_8);
      System.arraycopy(character, 0, plain, length, character.length);
      length += character.length;
    }
    return new String(plain, 0, length, UTF_8);
  }

  private static byte unescaped(byte letter) {
    return switch (letter) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> letter;
    };
  }

  /// The number of open objects and lists.
  int depth() {
    return depth;
  }

  /// The number of line breaks read between tokens.
  int lineBreaks() {
    return lineBreaks;
  }

  /// The number of bytes that unescaping would save in the text read so far.
  int savedByEscapes() {
    return savedByEscapes;
  }

  /// The greatest depth since [#forgetDepthAndExponents()].
  int deepest() {
    return deepest;
  }

  /// Index of the first number since then whose exponent exceeds [#EXPONENT_DIGITS]; -1 if there is
  /// none.
  int largeExponentAt() {
    return largeExponentAt;
  }

  /// Resets [#deepest()] and [#largeExponentAt()].
  void forgetDepthAndExponents() {
    deepest = depth;
    largeExponentAt = -1;
  }
}
