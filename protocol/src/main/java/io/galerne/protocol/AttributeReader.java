package io.galerne.protocol;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Collects the attributes of one event and builds the event once its type is known, which may
/// follow the attributes. `null` on the wire counts as missing. For one event only, which keeps the
/// values.
final class AttributeReader {
  /// Marks a value of the wrong type, which matters only if the event's type has the attribute.
  private static final Object WRONG = new Object();

  private final Map<Attribute, Object> values = new EnumMap<>(Attribute.class);

  /// A required attribute is missing, or an attribute has the wrong type.
  static final class SchemaMismatch extends Exception {
    private static final long serialVersionUID = 1L;

    private SchemaMismatch() {
      super("The event does not fit the schema of its type", null, false, false);
    }
  }

  /// Reads the attributes, a JSON value of any type.
  void read(TokenCursor in) {
    values.clear();
    if (!in.atObject()) {
      in.skip();
      return;
    }
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      Attribute attribute = Attribute.ofWireName(name);
      if (attribute == null) {
        in.skip();
      } else if (in.atNull()) {
        values.remove(attribute);
      } else {
        Object value = read(in, attribute.kind());
        values.put(attribute, value == null ? WRONG : value);
      }
    }
  }

  private static @Nullable Object read(TokenCursor in, Attribute.Kind kind) {
    return switch (kind) {
      case TEXT -> in.string();
      case COUNT -> in.integer();
      case PAYLOAD -> readPayload(in);
      case FAILURE -> readFailure(in);
    };
  }

  static @Nullable Payload readPayload(TokenCursor in) {
    if (!in.atObject()) {
      in.skip();
      return null;
    }
    int from = in.from();
    String type = "json";
    Json value = null;
    boolean maybeOperations = false;
    List<String> encodingOptions = List.of();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      switch (name) {
        case "type" -> type = in.string();
        case "value" -> {
          maybeOperations = in.atArray() || in.atString();
          value = in.value();
        }
        case "encoding_options" -> encodingOptions = in.atNull() ? List.of() : in.strings();
        default -> in.skip();
      }
    }
    if (type == null) {
      return null;
    } else if (!type.equals("json") && !type.equals("json_patch")) {
      return new UnknownPayload(type, in.slice(from));
    } else if (value == null || encodingOptions == null) {
      return null;
    } else if (type.equals("json")) {
      return new JsonPayload(value, encodingOptions);
    }
    return maybeOperations ? new JsonPatchPayload(value, encodingOptions) : null;
  }

  static @Nullable Failure readFailure(TokenCursor in) {
    if (!in.atObject()) {
      in.skip();
      return null;
    }
    int from = in.from();
    String message = null;
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      if (name.equals("message")) {
        message = in.string();
      } else {
        in.skip();
      }
    }
    return message == null ? null : new Failure(message, in.slice(from));
  }

  /// Builds the event of this type.
  ///
  /// @throws SchemaMismatch if the attributes do not fit the schema of the type
  Event event(EventType type, EventHeader header, Json json) throws SchemaMismatch {
    for (EventSchema.Member member : EventSchema.of(type)) {
      check(member);
    }
    return TypedEvent.of(type, header, new Attributes(values), json);
  }

  private void check(EventSchema.Member member) throws SchemaMismatch {
    Object value = values.get(member.attribute());
    boolean fits =
        value == null
            ? member.presence() != EventSchema.Presence.REQUIRED
            : value != WRONG && !(value instanceof Long count && count != count.intValue());
    if (!fits) {
      throw new SchemaMismatch();
    }
  }
}
