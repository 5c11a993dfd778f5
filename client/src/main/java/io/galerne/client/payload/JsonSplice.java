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

/// Replaces values in a JSON text in one pass; everything else stays the same, byte for byte.
///
/// Every method that reads a value starts at its first token and ends at its last.
final class JsonSplice implements AutoCloseable {
  /// The limits of [io.galerne.protocol.EventReader], which has read the text before.
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

  boolean atNull() {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  void skip() {
    parser.skipChildren();
  }

  /// The value as a string; null if it is not one.
  @Nullable String string() {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parser.getString();
    }
    skip();
    return null;
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

  /// The end of the current token in the text.
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

  /// The text with all replacements.
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
