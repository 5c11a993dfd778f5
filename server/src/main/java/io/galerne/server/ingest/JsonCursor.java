package io.galerne.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.json.JsonFactory;

/// Walks through a body token by token, knows where in it each stands, and notes what is wrong
/// there. For one body, by one thread.
final class JsonCursor implements AutoCloseable {
  /// More faults than this in one answer help nobody, and a batch could bring a hundred thousand.
  static final int MOST_FAULTS = 200;

  /// A longer input is not repeated in full.
  private static final int LONGEST_INPUT = 256;

  private static final JsonFactory JSON = new JsonFactory();

  private final byte[] body;
  private final int base;
  private final JsonParser parser;
  private final List<Object> path;
  private final List<Fault> faults;

  /// Begins before the first token of the body.
  JsonCursor(byte[] body, String rootName) {
    this(body, 0, body.length, new ArrayList<>(List.of(rootName)), new ArrayList<>());
  }

  private JsonCursor(byte[] body, int from, int length, List<Object> path, List<Fault> faults) {
    this.body = body;
    this.base = from;
    this.parser = JSON.createParser(ObjectReadContext.empty(), body, from, length);
    this.path = path;
    this.faults = faults;
  }

  /// A second look at the value that began at `from`, with the same path and list of faults; stands
  /// on its first token.
  JsonCursor again(int from, int to) {
    JsonCursor second = new JsonCursor(body, from, to - from, path, faults);
    second.next();
    return second;
  }

  /// A second look at the object it has just entered.
  JsonCursor again() {
    return again(start(), body.length);
  }

  /// The name of the first member of the object it has just entered; empty where it has none.
  String peekName() {
    int at = end();
    while (at < body.length && body[at] <= ' ') {
      at++;
    }
    return at < body.length && body[at] == '"'
        ? new String(
            body, at + 1, Math.max(0, Math.min(closingQuote(at), body.length) - at - 1), UTF_8)
        : "";
  }

  JsonToken next() {
    return parser.nextToken();
  }

  JsonToken token() {
    return parser.currentToken();
  }

  boolean is(JsonToken token) {
    return parser.currentToken() == token;
  }

  /// Goes to the next member of the object it is in and stands on its value.
  ///
  /// @return whether there was one
  boolean nextMember() {
    if (parser.nextToken() == JsonToken.END_OBJECT) {
      return false;
    }
    parser.nextToken();
    return true;
  }

  /// The name of the member it stands on.
  String name() {
    return parser.currentName();
  }

  String string() {
    return parser.getString();
  }

  /// Whether it stands on an integer of at most 64 bits.
  boolean isLong() {
    return is(JsonToken.VALUE_NUMBER_INT)
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
  }

  long longValue() {
    return parser.getLongValue();
  }

  /// Passes over the value it stands on, whatever it is.
  ///
  /// @return where the value ends
  int skip() {
    int quote = is(JsonToken.VALUE_STRING) ? start() : -1;
    parser.skipChildren();
    // a string is only read on when it is asked for
    return quote < 0 ? end() : Math.min(closingQuote(quote) + 1, body.length);
  }

  /// Where the current token begins.
  int start() {
    return base + (int) parser.currentTokenLocation().getByteOffset();
  }

  /// Where what has been read so far ends: behind the bracket where it stands on one.
  int end() {
    return base + (int) parser.currentLocation().getByteOffset();
  }

  /// Where the string that begins with the quote at `quote` has its closing quote.
  int closingQuote(int quote) {
    int at = quote + 1;
    while (at < body.length && body[at] != '"') {
      at += body[at] == '\\' ? 2 : 1;
    }
    return at;
  }

  boolean hasEscape(int from, int to) {
    for (int i = from; i < to; i++) {
      if (body[i] == '\\') {
        return true;
      }
    }
    return false;
  }

  byte[] body() {
    return body;
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

  /// Notes that something is wrong with the value it stands on, and passes over it.
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

  /// Notes that a member is not there in the object from `from` to `to`.
  void missing(String member, int from, int to) {
    enter(member);
    faultAt("missing", "Field required", "", from, to);
    leave();
  }

  /// Notes a fault of the number that begins at `at`, within the value from `from` to `to`.
  void numberFault(String type, String msg, String ctx, int at, int from, int to) {
    try (JsonCursor walk = again(from, to)) {
      while (walk.start() < at && walk.next() != null) {
        // up to the number
      }
      List<Object> steps = new ArrayList<>();
      for (TokenStreamContext level = walk.parser.streamReadContext();
          !level.inRoot();
          level = level.getParent()) {
        String name = level.currentName();
        steps.addFirst(name == null ? (Object) level.getCurrentIndex() : name);
      }
      steps.forEach(this::enter);
      faultAt(type, msg, ctx, at, walk.skip());
      steps.forEach(step -> leave());
    }
  }

  private String input(int from, int to) {
    String text = new String(body, from, Math.min(to - from, LONGEST_INPUT), UTF_8).strip();
    if (to - from <= LONGEST_INPUT) {
      return text;
    }
    // what was cut may be no JSON any more, and may end within a character
    return JsonText.quote(text.replace("\uFFFD", "") + "…");
  }

  @Override
  public void close() {
    parser.close();
  }
}
