package io.galerne.client;

import io.galerne.protocol.Event;
import io.galerne.protocol.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An event to publish, and what is to stand beside it (contract, section 3). Immutable.
///
/// @param event the event's JSON
/// @param stream what the event is to belong to; null for what the server derives from its type
/// @param metadata what readers can filter by; in the order of the map
public record OutgoingEvent(Json event, @Nullable String stream, Map<String, Json> metadata) {
  public OutgoingEvent {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /// An event with nothing beside it.
  public static OutgoingEvent of(Event event) {
    return of(event.json());
  }

  /// The JSON of an event, with nothing beside it: it is sent as it is.
  public static OutgoingEvent of(Json event) {
    return new OutgoingEvent(event, null, Map.of());
  }

  /// The same in that stream.
  public OutgoingEvent withStream(String stream) {
    return new OutgoingEvent(event, stream, metadata);
  }

  /// The same with that in its metadata too.
  ///
  /// @param value whatever Jackson writes, or [Json]
  public OutgoingEvent withMetadata(String key, Object value) {
    Map<String, Json> more = new LinkedHashMap<>(metadata);
    more.put(key, Json.ofValue(value));
    return new OutgoingEvent(event, stream, more);
  }
}
