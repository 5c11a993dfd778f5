package io.galerne.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.server.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks through a body token by token, knows the path to each, and notes faults there. For one body,
/// by one thread.
final class JsonCursor {
  /// More faults than this in one answer help nobody, and a batch could bring a hundred thousand.
  static final int MOST_FAULTS = 200;

  /// A longer input is not repeated in full.
  private static final int LONGEST_INPUT = 256;

  /// An input that is nested deeper is repeated as a string: some readers stop at 64 levels, of which
  /// the answer needs a few itself.
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

  /// A second look at the value from `from` to `to`, with the same path and list of faults; stands on
  /// its first token.
  JsonCursor again(int from, int to) {
    JsonCursor second = new JsonCursor(body, from, to, path, faults);
    second.next();
    return second;
  }

  /// A second look at the object that it has just entered.
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

  /// Goes to the next member of the object that it is in and stands on its value.
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

  /// Goes to the next element of the list that it is in.
  ///
  /// @return whether there was one
  boolean nextElement() {
    return scanner.next() != JsonToken.ARRAY_END;
  }

  /// The name of the member that [#nextMember] went to, until it goes further in or on.
  String name() {
    String known = name;
    if (known == null) {
      known = Names.of(body, scanner.nameStart(), scanner.nameEnd());
      known = known == null ? scanner.name() : known;
      name = known;
    }
    return known;
  }

  /// The string that it stands on.
  String string() {
    return scanner.string();
  }

  /// Whether the string that it stands on has escapes.
  boolean isEscaped() {
    return scanner.isEscaped();
  }

  /// Whether it stands on an integer of at most 64 bits.
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

  /// Passes over the value that it stands on, whatever it is.
  ///
  /// @return where the value ends
  int skip() {
    scanner.skipValue();
    return end();
  }

  /// Where the token that it stands on begins.
  int start() {
    return scanner.start();
  }

  /// Where the token that it stands on ends.
  int end() {
    return scanner.end();
  }

  byte[] body() {
    return body;
  }

  /// Starts to take account of what follows, from the value that it stands on.
  Account account() {
    return new Account(this);
  }

  /// What a value takes that some reader might not have: how deep it is, and so on.
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

    /// Bytes of UTF-8 with escapes undone.
    int bytes() {
      return scanner.end() - from - (scanner.savedByEscapes() - savedBefore);
    }

    /// Levels of objects and lists, the value itself included.
    int depth() {
      return scanner.deepest() - outer;
    }

    /// Where the first number with too large an exponent begins; -1 if there is none.
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

  /// Notes that something is wrong with the value that it stands on, and passes over it.
  void fault(String type, String msg) {
    fault(type, msg, "");
  }

  void fault(String type, String msg, String ctx) {
    int from = start();
    faultAt(type, msg, ctx, from, skip());
  }

  /// Notes a fault of the bytes from `from` to `to` at the current path.
  void faultAt(String type, String msg, String ctx, int from, int to) {
    if (faults.size() < MOST_FAULTS) {
      faults.add(new Fault(type, List.copyOf(path), msg, input(from, to), ctx));
    }
  }

  /// Notes that a member is missing in the object from `from` to `to`.
  void missing(String member, int from, int to) {
    enter(member);
    faultAt("missing", "Field required", "", from, to);
    leave();
  }

  /// Notes a fault of the number that begins at `at`, within the value from `from` to `to`.
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

  /// What stood there, as JSON that every client can read; otherwise the text as a string.
  private String input(int from, int to) {
    String text = new String(body, from, Math.min(to - from, LONGEST_INPUT), UTF_8).strip();
    if (to - from > LONGEST_INPUT) {
      // a part of it may be no JSON any more, and may end within a character
      return JsonText.quote(text.replace("\uFFFD", "") + "…");
    }
    return isReadableEverywhere(from, to) ? text : JsonText.quote(text);
  }

  private boolean isReadableEverywhere(int from, int to) {
    JsonScanner walk = new JsonScanner(body, from, to);
    for (JsonToken token = walk.next(); token != null; token = walk.next()) {
      boolean isNumber = token == JsonToken.INTEGER || token == JsonToken.DECIMAL;
      if (isNumber && Double.isInfinite(Double.parseDouble(ascii(walk.start(), walk.end())))) {
        return false; // readers with doubles alone refuse all of the answer
      }
    }
    return walk.largeExponentAt() < 0 && walk.deepest() <= DEEPEST_INPUT;
  }

  private String ascii(int from, int to) {
    return new String(body, from, to - from, UTF_8);
  }
}
