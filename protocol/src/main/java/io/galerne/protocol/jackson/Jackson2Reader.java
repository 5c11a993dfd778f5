package io.galerne.protocol.jackson;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import java.io.IOException;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/// Deserialises wire types with Jackson 2. Numbers keep their digits and members their order; white
/// space is dropped, and escapes are Jackson's.
public final class Jackson2Reader extends JsonDeserializer<Object>
    implements ContextualDeserializer {
  private static final JsonFactory JSON = new JsonFactory();

  private final Class<?> type;

  /// For Jackson, which then requests the reader of a type.
  public Jackson2Reader() {
    this(Json.class);
  }

  private Jackson2Reader(Class<?> type) {
    this.type = type;
  }

  @Override
  public JsonDeserializer<?> createContextual(
      DeserializationContext context, @Nullable BeanProperty property) {
    JavaType wanted = context.getContextualType();
    return wanted == null ? this : new Jackson2Reader(wanted.getRawClass());
  }

  @Override
  public @Nullable Object deserialize(JsonParser in, DeserializationContext context)
      throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      int depth = 0;
      do {
        JsonToken token = in.currentToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        copy(in, out);
      } while (depth > 0 && in.nextToken() != null);
    }
    try {
      return WireText.read(type, text.toString());
    } catch (MalformedEventException e) {
      return context.reportInputMismatch(type, "%s", e.getMessage());
    }
  }

  private static void copy(JsonParser in, JsonGenerator out) throws IOException {
    if (in.currentToken().isNumeric()) {
      out.writeNumber(in.getText()); // keeps every digit
    } else {
      out.copyCurrentEvent(in);
    }
  }

  @Override
  public @Nullable Object deserializeWithType(
      JsonParser in, DeserializationContext context, TypeDeserializer types) throws IOException {
    return deserialize(in, context);
  }

  @Override
  public @Nullable Object getNullValue(DeserializationContext context) {
    return type == Json.class ? Json.NULL : null;
  }
}
