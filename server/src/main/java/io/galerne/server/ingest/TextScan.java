package io.galerne.server.ingest;

/// What a look at every byte of a JSON value tells that its tokens do not: what it takes when
/// escapes are undone, how deep it is, and whether it has a number that some reader cannot hold.
///
/// @param bytes as UTF-8, with escapes undone
/// @param depth levels of objects and lists, the value itself included
/// @param numberAt where the first number with an exponent beyond [#EXPONENT_DIGITS] begins; -1
///     if there is none
record TextScan(int bytes, int depth, int numberAt) {
  /// Most levels of an event and of its metadata. The official Python client reads at most 200, and
  /// pages, frames and traces put levels around an event.
  static final int MOST_DEPTH = 150;

  /// Most digits of an exponent. Decimals of Java fail at 1e2147483648, and much earlier where they
  /// are written out; a double is infinite beyond 1e308 anyway.
  static final int EXPONENT_DIGITS = 4;

  /// Looks at a value that is known to be JSON.
  static TextScan of(byte[] json, int from, int to) {
    int bytes = to - from;
    int depth = 0;
    int deepest = 0;
    int numberAt = -1;
    int at = from;
    while (at < to) {
      switch (json[at]) {
        case '"' -> {
          at++;
          while (at < to && json[at] != '"') {
            int length = json[at] == '\\' ? escape(json, at) : 1;
            bytes -= length == 1 ? 0 : length - undone(json, at);
            at += length;
          }
        }
        case '{', '[' -> deepest = Math.max(deepest, ++depth);
        case '}', ']' -> depth--;
        case 'e', 'E' -> {
          if (numberAt < 0 && isDigit(json[at - 1]) && digits(json, at + 1, to) > EXPONENT_DIGITS) {
            numberAt = start(json, from, at);
          }
        }
        default -> {}
      }
      at++;
    }
    return new TextScan(bytes, deepest, numberAt);
  }

  /// How long the escape is, both halves of a pair included.
  private static int escape(byte[] json, int at) {
    int unit = LoneSurrogates.unit(json, at);
    return unit < 0 ? 2 : Character.isSurrogate((char) unit) ? 12 : 6;
  }

  /// How many bytes of UTF-8 the escape stands for.
  private static int undone(byte[] json, int at) {
    int unit = LoneSurrogates.unit(json, at);
    if (unit < 0x80) {
      return 1; // also the short escapes, such as \n
    }
    return unit < 0x800 ? 2 : Character.isSurrogate((char) unit) ? 4 : 3;
  }

  /// How many digits the exponent has, leading zeros left out.
  private static int digits(byte[] json, int from, int to) {
    int at = from;
    while (at < to && (json[at] == '+' || json[at] == '-' || json[at] == '0')) {
      at++;
    }
    int first = at;
    while (at < to && isDigit(json[at])) {
      at++;
    }
    return at - first;
  }

  private static int start(byte[] json, int from, int exponentAt) {
    int at = exponentAt;
    while (at > from && (isDigit(json[at - 1]) || json[at - 1] == '.' || json[at - 1] == '-')) {
      at--;
    }
    return at;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
