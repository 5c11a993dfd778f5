package io.galerne.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.server.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A cursor over the tokens of a body that tracks the path to each and records faults there. For
/// one body, by one thread.
final class JsonCursor {
  /// Limit of reported faults: a batch could have a hundred thousand.
  static final int MOST_FAULTS = 200;

  /// Longer inputs are truncated in faults.
  private static final int LONGEST_INPUT = 256;

  /// Inputs nested deeper are quoted as strings: some parsers stop at 64 levels, and the answer
  /// needs a few itself.
  private static final int DEEPEST_INPUT = 32;

  private final byte[] body;
  private final JsonScanner scanner;
  private final List<Object> path;
  private final List<Fault> faults;
  private @Nullable String name;

  /// Starts before the first token of the body.
  JsonCursor(byte[] body, String rootName) {
    this(body, 0, body.length, new ArrayList<>(List.of(rootName)), new ArrayList<>());
  }

  private JsonCursor(byte[] body, int from, int to, List<Object> path, List<Fault> faults) {
    this.body = body;
    this.scanner = new JsonScanner(body, from, to);
    this.path = path;
    this.faults = faults;
  }

  /// A second cursor over the value from `from` to `to`, at its first token, with the same path and
  /// list of faults.
  JsonCursor again(int from, int to) {
    JsonCursor second = new JsonCursor(body, from, to, path, faults);
    second.next();
    return second;
  }

  /// A second cursor over the object just entered.
  JsonCursor again() {
    return again(start(), body.length);
  }

  @Nullable JsonToken next() {
    return scanner.next();
  }

  @Nullable JsonToken token() {
    return scanner.token();
  }

  boolean is(JsonToken token) {
    return scanner.token() == token;
  }

  /// Moves to the value of the current object's next member.
  ///
  /// @return whether there was one
  boolean nextMember() {
    if (scanner.next() == JsonToken.OBJECT_END) {
      return false;
    }
    name = null;
    scanner.next();
    return true;
  }

  /// Moves to the next element of the current list.
  ///
  /// @return whether there was one
  boolean nextElement() {
    return scanner.next() != JsonToken.ARRAY_END;
  }

  /// The name of the member that [#nextMember] moved to, until its next call.
  String name() {
    String known = name;
    if (known == null) {
      known = Names.of(body, scanner.nameStart(), scanner.nameEnd());
      known = known == null ? scanner.name() : known;
      name = known;
    }
    return known;
  }

  /// The string at the cursor.
  String string() {
    return scanner.string();
  }

  /// Whether the string at the cursor has escapes.
  boolean isEscaped() {
    return scanner.isEscaped();
  }

  /// Whether the cursor is at an integer of at most 64 bits.
  boolean isLong() {
    if (!is(JsonToken.INTEGER)) {
      return false;
    }
    try {
      longValue();
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  long longValue() {
    return Long.parseLong(ascii(start(), end()));
  }

  /// Skips the value at the cursor.
  ///
  /// @return index of the value's end (exclusive)
  int skip() {
    scanner.skipValue();
    return end();
  }

  /// Index of the current token's start.
  int start() {
    return scanner.start();
  }

  /// Index of the current token's end (exclusive).
  int end() {
    return scanner.end();
  }

  byte[] body() {
    return body;
  }

  /// Starts measuring from the value at the cursor.
  Account account() {
    return new Account(this);
  }

  /// Measures a value against the limits of some readers, such as its depth.
  static final class Account {
    private final JsonScanner scanner;
    private final int outer;
    private final int savedBefore;
    private final int lineBreaksBefore;
    private final int from;

    private Account(JsonCursor cursor) {
      this.scanner = cursor.scanner;
      this.from = scanner.start();
      this.outer = scanner.depth() - 1;
      this.savedBefore = scanner.savedByEscapes();
      this.lineBreaksBefore = scanner.lineBreaks();
      scanner.forgetDepthAndExponents();
    }

    /// Bytes of UTF-8 after unescaping.
    int bytes() {
      return scanner.end() - from - (scanner.savedByEscapes() - savedBefore);
    }

    /// Levels of objects and lists, including the value itself.
    int depth() {
      return scanner.deepest() - outer;
    }

    /// Index of the first number with too large an exponent; -1 if there is none.
    int largeExponentAt() {
      return scanner.largeExponentAt();
    }

    boolean hasLineBreaks() {
      return scanner.lineBreaks() > lineBreaksBefore;
    }
  }

  void enter(Object step) {
    path.add(step);
  }

  void leave() {
    path.removeLast();
  }

  boolean hasFaults() {
    return !faults.isEmpty();
  }

  List<Fault> faults() {
    return faults;
  }

  /// Records a fault of the value at the cursor and skips it.
  void fault(String type, String msg) {
    fault(type, msg, "");
  }

  void fault(String type, String msg, String ctx) {
    int from = start();
    faultAt(type, msg, ctx, from, skip());
  }

  /// Records a fault of the bytes from `from` to `to` at the current path.
  void faultAt(String type, String msg, String ctx, int from, int to) {
    if (faults.size() < MOST_FAULTS) {
      faults.add(new Fault(type, List.copyOf(path), msg, input(from, to), ctx));
    }
  }

  /// Records a missing member of the object from `from` to `to`.
  void missing(String member, int from, int to) {
    enter(member);
    faultAt("missing", "Field required", "", from, to);
    leave();
  }

  /// Records a fault of the number that begins at `at`, within the value from `from` to `to`.
  void numberFault(String type, String msg, String ctx, int at, int from, int to) {
    JsonScanner walk = new JsonScanner(body, from, to);
    List<Object> steps = new ArrayList<>();
    JsonToken token = walk.next();
    while (token != null && walk.start() < at) {
      switch (token) {
        case OBJECT_START -> steps.add("");
        case ARRAY_START -> steps.add(-1);
        case OBJECT_END, ARRAY_END -> steps.removeLast();
        case NAME -> steps.set(steps.size() - 1, walk.name());
        default -> {}
      }
      token = walk.next();
      boolean isElement = token != JsonToken.ARRAY_END && token != JsonToken.OBJECT_END;
      if (isElement && !steps.isEmpty() && steps.getLast() instanceof Integer index) {
        steps.set(steps.size() - 1, index + 1);
      }
    }
    steps.forEach(this::enter);
    faultAt(type, msg, ctx, at, walk.end());
    steps.forEach(step -> leave());
  }

  /// The input as JSON if every client can parse it, otherwise as a string.
  private String input(int from, int to) {
    String text = new String(body, from, Math.min(to - from, LONGEST_INPUT), UTF_8).strip();
    if (to - from > LONGEST_INPUT) {
      // a prefix may not be JSON, and may end within a character
      return JsonText.quote(text.replace("\uFFFD", "") + "…");
    }
    return isReadableEverywhere(from, to) ? text : JsonText.quote(text);
  }

  private boolean isReadableEverywhere(int from, int to) {
    JsonScanner walk = new JsonScanner(body, from, to);
    for (JsonToken token = walk.next(); token != null; token = walk.next()) {
      boolean isNumber = token == JsonToken.INTEGER || token == JsonToken.DECIMAL;
      if (isNumber && Double.isInfinite(Double.parseDouble(ascii(walk.start(), walk.end())))) {
        return false; // readers that only have doubles would reject the whole answer
      }
    }
    return walk.largeExponentAt() < 0 && walk.deepest() <= DEEPEST_INPUT;
  }

  private String ascii(int from, int to) {
    return new String(body, from, to - from, UTF_8);
  }
}
