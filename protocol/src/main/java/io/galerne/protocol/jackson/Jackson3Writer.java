package io.galerne.protocol.jackson;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonGeneratorBase;
import tools.jackson.core.util.JsonGeneratorDelegate;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;

/// Serialises wire types with Jackson 3: verbatim as JSON, and with the same content in other
/// formats.
public final class Jackson3Writer extends ValueSerializer<Object> {
  private static final JsonFactory JSON = new JsonFactory();

  @Override
  public void serialize(Object value, JsonGenerator out, SerializationContext context) {
    String text = WireText.of(value);
    if (isJsonText(out)) {
      out.writeRawValue(text);
    } else {
      try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), text)) {
        while (in.nextToken() != null) {
          copy(in, out);
        }
      }
    }
  }

  /// The text needs no type information.
  @Override
  public void serializeWithType(
      Object value, JsonGenerator out, SerializationContext context, TypeSerializer types) {
    serialize(value, out, context);
  }

  private static boolean isJsonText(JsonGenerator out) {
    JsonGenerator last = out;
    while (last instanceof JsonGeneratorDelegate delegating) {
      last = delegating.delegate();
    }
    return last instanceof JsonGeneratorBase;
  }

  private static void copy(JsonParser in, JsonGenerator out) {
    if (in.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      out.writeNumber(in.getDecimalValue()); // exact, unlike a double
    } else {
      out.copyCurrentEvent(in);
    }
  }
}
