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

/// Has Jackson 3 write a value as its text on the wire; in formats other than JSON text, the same
/// content.
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

  /// The text says itself what it is, so that no type's name is put beside it.
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
