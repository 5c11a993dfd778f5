package io.galerne.protocol;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

/// Reads the tokens of a JSON text in one pass and returns its values verbatim. Jackson's limits
/// bound depth and size.
///
/// Every method that reads a value starts at its first token and ends at its last.
final class TokenCursor implements AutoCloseable {
  /// Names and numbers have no length limit, because they are only copied: an event that a server
  /// once accepted must never block a reader.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /// The longest `long`, with its sign.
  private static final int MAX_LONG_DIGITS = 20;

  /// The length of the excerpt of an invalid text in a message.
  private static final int EXCERPT = 20;

  private final String text;
  private final JsonParser parser;

  /// @throws JacksonException from the constructor and all methods if the text is not JSON
  TokenCursor(String text) {
    this.text = text;
    this.parser = FACTORY.createParser(ObjectReadContext.empty(), text);
  }

  /// Moves to the value.
  void start() {
    if (parser.nextToken() == null) {
      throw new MalformedEventException("The text is empty, and not JSON", null);
    }
  }

  /// Checks that nothing follows the value.
  void end() {
    if (parser.nextToken() != null) {
      throw new MalformedEventException(
          "Something follows the JSON value, " + place(parser.currentTokenLocation()), null);
    }
  }

  /// In an object: moves to the value of the next member and returns its name; null at the end of
  /// the object.
  @Nullable String nextMember() {
    String name = parser.nextName();
    if (name != null) {
      parser.nextToken();
    }
    return name;
  }

  /// In an array: moves to the next element; false at the end of the array.
  boolean nextElement() {
    return parser.nextToken() != JsonToken.END_ARRAY;
  }

  boolean atObject() {
    return parser.currentToken() == JsonToken.START_OBJECT;
  }

  boolean atArray() {
    return parser.currentToken() == JsonToken.START_ARRAY;
  }

  boolean atString() {
    return parser.currentToken() == JsonToken.VALUE_STRING;
  }

  boolean atNull() {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  boolean atInteger() {
    return parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
  }

  void skip() {
    parser.skipChildren();
  }

  /// The value as a string; null if it is not one.
  @Nullable String string() {
    if (atString()) {
      return parser.getString();
    }
    skip();
    return null;
  }

  /// The value as an integer; null if it is not one, or does not fit in a `long`.
  @Nullable Long integer() {
    if (!atInteger() || parser.getStringLength() > MAX_LONG_DIGITS) {
      skip();
      return null;
    }
    JsonParser.NumberType type = parser.getNumberType();
    boolean fits = type == JsonParser.NumberType.INT || type == JsonParser.NumberType.LONG;
    return fits ? (Long) parser.getLongValue() : null;
  }

  /// The value as a list of strings; null if it is not one.
  @Nullable List<String> strings() {
    if (!atArray()) {
      skip();
      return null;
    }
    List<String> strings = new ArrayList<>();
    boolean all = true;
    while (nextElement()) {
      String string = string();
      if (string == null) {
        all = false;
      } else {
        strings.add(string);
      }
    }
    return all ? strings : null;
  }

  /// The start of the current token in the text.
  int from() {
    return (int) parser.currentTokenLocation().getCharOffset();
  }

  /// The text from this position to the end of the current token.
  Json slice(int from) {
    parser.finishToken();
    return Json.slice(text.substring(from, (int) parser.currentLocation().getCharOffset()));
  }

  /// The value, verbatim.
  Json value() {
    int from = from();
    skip();
    return slice(from);
  }

  /// The nesting depth of the value; moves to its end.
  int depth() {
    int depth = 0;
    int deepest = 0;
    do {
      JsonToken token = parser.currentToken();
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      }
      deepest = Math.max(deepest, depth);
    } while (depth > 0 && parser.nextToken() != null);
    return deepest;
  }

  /// Explains what is wrong with a text, without Jackson's terms.
  static MalformedEventException malformed(String text, JacksonException e) {
    TokenStreamLocation location = e.getLocation();
    String place = location == null ? "" : ", " + place(location);
    String why = e.getOriginalMessage();
    if (e instanceof UnexpectedEndOfInputException) {
      why = "it ends before it is complete";
    } else if (e instanceof StreamReadException
        && !(e instanceof StreamConstraintsException)
        && location != null
        && isWithin(location, text)) {
      why = "unexpected " + excerpt(text, (int) location.getCharOffset());
    }
    return new MalformedEventException("The text cannot be read as JSON" + place + ": " + why, e);
  }

  private static boolean isWithin(TokenStreamLocation location, String text) {
    return location.getCharOffset() >= 0 && location.getCharOffset() < text.length();
  }

  /// The text where it stops being JSON, on one line.
  private static String excerpt(String text, int from) {
    int to = Math.min(text.length(), from + EXCERPT);
    String shown = text.substring(from, to).replaceAll("\\p{Cntrl}", "?");
    return "'" + shown + (to < text.length() ? "…" : "") + "'";
  }

  private static String place(TokenStreamLocation location) {
    return "at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  @Override
  public void close() {
    parser.close();
  }
}
