package io.galerne.protocol;

import io.galerne.protocol.EventSchema.Presence;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The values that an event builder has collected. May be built several times.
final class EventDraft {
  private final EventType type;
  private final Map<Attribute, Object> values = new EnumMap<>(Attribute.class);
  private @Nullable EventHeader header;

  EventDraft(EventType type) {
    this.type = type;
  }

  void setHeader(EventHeader header) {
    this.header = header;
  }

  void set(Attribute attribute, @Nullable Object value) {
    if (value == null) {
      values.remove(attribute);
    } else {
      values.put(attribute, value);
    }
  }

  void setIfMissing(Attribute attribute, Function<EventHeader, String> value) {
    if (header != null) {
      values.putIfAbsent(attribute, value.apply(header));
    }
  }

  /// Builds the event.
  ///
  /// @throws IllegalStateException if a required value is missing
  /// @throws IllegalArgumentException if a payload is a patch, but the attribute does not allow
  ///     patches
  Event build() {
    if (header == null) {
      throw new IllegalStateException(type.wireName() + " needs a header");
    }
    Map<Attribute, Object> copy = new EnumMap<>(Attribute.class);
    for (EventSchema.Member member : EventSchema.of(type)) {
      Object value = values.get(member.attribute());
      if (value == null && member.presence() == Presence.REQUIRED) {
        throw new IllegalStateException(
            type.wireName() + " needs " + member.attribute().wireName());
      } else if (value instanceof JsonPatchPayload && !member.patches()) {
        throw new IllegalArgumentException(
            "The payload of " + type.wireName() + " must be a whole value, not a patch");
      } else if (value != null) {
        copy.put(member.attribute(), value);
      }
    }
    Attributes attributes = new Attributes(copy);
    return TypedEvent.of(type, header, attributes, EventText.event(type, header, attributes));
  }
}
