package io.galerne.protocol;

import java.util.Objects;

/// An event of a type that is not known here, or of a known type that does not fit its schema. Its
/// header has what can be read; the rest is in the JSON. Immutable.
public final class UnknownEvent implements Event {
  private final EventHeader header;
  private final String eventType;
  private final Json json;

  UnknownEvent(EventHeader header, String eventType, Json json) {
    this.header = header;
    this.eventType = eventType;
    this.json = json;
  }

  /// With `""` and 0 for what is missing or of another JSON type.
  @Override
  public EventHeader header() {
    return header;
  }

  /// The word on the wire; `""` if there is none.
  @Override
  public String eventType() {
    return eventType;
  }

  @Override
  public Json json() {
    return json;
  }

  /// Whether the other event has the same JSON, and so the same values.
  @Override
  public boolean equals(Object other) {
    return other instanceof UnknownEvent event
        && event.json.equals(json)
        && event.header.equals(header)
        && event.eventType.equals(eventType);
  }

  @Override
  public int hashCode() {
    return Objects.hash(eventType, json);
  }

  /// For people: the JSON.
  @Override
  public String toString() {
    return json.text();
  }
}
