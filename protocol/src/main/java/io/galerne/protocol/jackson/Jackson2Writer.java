package io.galerne.protocol.jackson;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonGeneratorImpl;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import java.io.IOException;

/// Serialises wire types with Jackson 2: verbatim as JSON, and with the same content in other
/// formats.
public final class Jackson2Writer extends JsonSerializer<Object> {
  private static final JsonFactory JSON = new JsonFactory();

  @Override
  public void serialize(Object value, JsonGenerator out, SerializerProvider provider)
      throws IOException {
    String text = WireText.of(value);
    if (isJsonText(out)) {
      out.writeRawValue(text);
    } else {
      try (JsonParser in = JSON.createParser(text)) {
        while (in.nextToken() != null) {
          copy(in, out);
        }
      }
    }
  }

  /// The text needs no type information.
  @Override
  public void serializeWithType(
      Object value, JsonGenerator out, SerializerProvider provider, TypeSerializer types)
      throws IOException {
    serialize(value, out, provider);
  }

  private static boolean isJsonText(JsonGenerator out) {
    JsonGenerator last = out;
    while (last instanceof JsonGeneratorDelegate delegating) {
      last = delegating.delegate();
    }
    return last instanceof JsonGeneratorImpl;
  }

  private static void copy(JsonParser in, JsonGenerator out) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      out.writeNumber(in.getDecimalValue()); // exact, unlike a double
    } else {
      out.copyCurrentEvent(in);
    }
  }
}
