package io.galerne.client.payload;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// Walks once over a text that is known to be JSON, and puts other values in the place of some; all
/// else stays as it is, to the byte.
///
/// Every method that reads a value begins on its first token and ends on its last one.
final class JsonSplice implements AutoCloseable {
  /// As those of [io.galerne.protocol.EventReader], which has read the text before.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private record Edit(int from, int to, String text) {}

  private final String text;
  private final JsonParser parser;
  private final List<Edit> edits = new ArrayList<>();

  JsonSplice(String text) {
    this.text = text;
    this.parser = FACTORY.createParser(ObjectReadContext.empty(), text);
    parser.nextToken();
  }

  /// Within an object: the name of the next member, and moves to its value; null at the object's
  /// end.
  @Nullable String nextMember() {
    String name = parser.nextName();
    if (name != null) {
      parser.nextToken();
    }
    return name;
  }

  /// Within an array: moves to the next element; false at the array's end.
  boolean nextElement() {
    return parser.nextToken() != JsonToken.END_ARRAY;
  }

  boolean atObject() {
    return parser.currentToken() == JsonToken.START_OBJECT;
  }

  boolean atArray() {
    return parser.currentToken() == JsonToken.START_ARRAY;
  }

  boolean atNull() {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  void skip() {
    parser.skipChildren();
  }

  /// The value as a string; null where it is none.
  @Nullable String string() {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parser.getString();
    }
    skip();
    return null;
  }

  /// The value as a list of strings; null where it is none.
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

  /// Where the current token begins in the text.
  int from() {
    return (int) parser.currentTokenLocation().getCharOffset();
  }

  /// Where the current token ends in the text.
  int to() {
    parser.finishToken();
    return (int) parser.currentLocation().getCharOffset();
  }

  String slice(int from, int to) {
    return text.substring(from, to);
  }

  void replace(int from, int to, String by) {
    edits.add(new Edit(from, to, by));
  }

  boolean isChanged() {
    return !edits.isEmpty();
  }

  /// The text with everything replaced.
  String result() {
    edits.sort(Comparator.comparingInt(Edit::from));
    StringBuilder result = new StringBuilder(text.length());
    int copied = 0;
    for (Edit edit : edits) {
      result.append(text, copied, edit.from).append(edit.text);
      copied = edit.to;
    }
    return result.append(text, copied, text.length()).toString();
  }

  @Override
  public void close() {
    parser.close();
  }
}
