package io.galerne.protocol.jackson;

import io.galerne.protocol.Event;
import io.galerne.protocol.EventPage;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.Failure;
import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import io.galerne.protocol.PatchOperation;
import io.galerne.protocol.Payload;
import io.galerne.protocol.StreamEvent;
import java.util.function.Function;

/// Converts the types that carry wire JSON to and from their text.
final class WireText {
  private WireText() {}

  static String of(Object value) {
    return json(value).text();
  }

  private static Json json(Object value) {
    if (value instanceof Event event) {
      return event.json();
    } else if (value instanceof StreamEvent event) {
      return event.json();
    } else if (value instanceof Payload payload) {
      return payload.json();
    } else if (value instanceof Failure failure) {
      return failure.json();
    } else if (value instanceof PatchOperation operation) {
      return operation.json();
    } else if (value instanceof EventPage page) {
      return page.json();
    }
    return (Json) value;
  }

  /// @throws MalformedEventException if the text does not match the type
  static <T> T read(Class<T> type, String text) {
    boolean plain = text.chars().noneMatch(c -> Character.isSurrogate((char) c));
    // lone surrogates, which need escapes
    String escaped = plain ? text : Json.of(text).text();
    Object value = reader(type).apply(escaped);
    if (!type.isInstance(value)) {
      throw new MalformedEventException(
          "This is not a " + type.getSimpleName() + ", but a " + value.getClass().getSimpleName(),
          null);
    }
    return type.cast(value);
  }

  private static Function<String, Object> reader(Class<?> type) {
    if (Event.class.isAssignableFrom(type)) {
      return EventReader::event;
    } else if (type == StreamEvent.class) {
      return EventReader::streamEvent;
    } else if (Payload.class.isAssignableFrom(type)) {
      return EventReader::payload;
    } else if (type == Failure.class) {
      return EventReader::failure;
    } else if (PatchOperation.class.isAssignableFrom(type)) {
      return EventReader::patchOperation;
    } else if (type == EventPage.class) {
      return EventReader::page;
    }
    return Json::of;
  }
}
