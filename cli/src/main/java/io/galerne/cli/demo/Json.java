package io.galerne.cli.demo;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Builds the demo's JSON.
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  /// Returns an object of alternating names and values: `object("pages", 12, "language", "fr")`.
  static ObjectNode object(Object... namesAndValues) {
    ObjectNode object = MAPPER.createObjectNode();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.set((String) namesAndValues[i], value(namesAndValues[i + 1]));
    }
    return object;
  }

  /// Returns a string, number, list or node as JSON.
  static JsonNode value(Object value) {
    return value instanceof JsonNode node ? node : MAPPER.valueToTree(value);
  }
}
