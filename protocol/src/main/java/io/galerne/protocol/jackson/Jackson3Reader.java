package io.galerne.protocol.jackson;

import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;

/// Deserialises wire types with Jackson 3. Numbers keep their digits and members their order; white
/// space is dropped, and escapes are Jackson's.
public final class Jackson3Reader extends ValueDeserializer<Object> {
  private static final JsonFactory JSON = new JsonFactory();

  private final Class<?> type;

  /// For Jackson, which then requests the reader of a type.
  public Jackson3Reader() {
    this(Json.class);
  }

  private Jackson3Reader(Class<?> type) {
    this.type = type;
  }

  @Override
  public ValueDeserializer<?> createContextual(
      DeserializationContext context, @Nullable BeanProperty property) {
    JavaType wanted = context.getContextualType();
    return wanted == null ? this : new Jackson3Reader(wanted.getRawClass());
  }

  @Override
  public @Nullable Object deserialize(JsonParser in, DeserializationContext context) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
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

  private static void copy(JsonParser in, JsonGenerator out) {
    if (in.currentToken().isNumeric()) {
      out.writeNumber(in.getString()); // keeps every digit
    } else {
      out.copyCurrentEvent(in);
    }
  }

  @Override
  public @Nullable Object deserializeWithType(
      JsonParser in, DeserializationContext context, TypeDeserializer types) {
    return deserialize(in, context);
  }

  @Override
  public @Nullable Object getNullValue(DeserializationContext context) {
    return type == Json.class ? Json.NULL : null;
  }
}
