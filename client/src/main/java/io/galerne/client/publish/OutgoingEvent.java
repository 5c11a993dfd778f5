package io.galerne.client.publish;

import io.galerne.protocol.Event;
import io.galerne.protocol.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An event to publish, with its stream and metadata (contract, section 3). Immutable.
///
/// @param event the event's JSON
/// @param stream the event's stream; null lets the server derive it from the type
/// @param metadata values that readers can filter by, in the order of the map
public record OutgoingEvent(Json event, @Nullable String stream, Map<String, Json> metadata) {
  public OutgoingEvent {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /// An event without stream or metadata.
  public static OutgoingEvent of(Event event) {
    return of(event.json());
  }

  /// The JSON of an event, sent verbatim, without stream or metadata.
  public static OutgoingEvent of(Json event) {
    return new OutgoingEvent(event, null, Map.of());
  }

  /// A copy with this stream.
  public OutgoingEvent withStream(String stream) {
    return new OutgoingEvent(event, stream, metadata);
  }

  /// A copy with this entry added to its metadata.
  ///
  /// @param value anything that Jackson can serialise, or [Json]
  public OutgoingEvent withMetadata(String key, Object value) {
    Map<String, Json> more = new LinkedHashMap<>(metadata);
    more.put(key, Json.ofValue(value));
    return new OutgoingEvent(event, stream, more);
  }
}
