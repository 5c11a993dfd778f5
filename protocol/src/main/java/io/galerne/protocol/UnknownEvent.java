package io.galerne.protocol;

import java.util.Objects;

/// An event of an unknown type, or one that does not match the schema of its type. Its header has
/// the readable fields; the rest is in the JSON. Immutable.
public final class UnknownEvent implements Event {
  private final EventHeader header;
  private final String eventType;
  private final Json json;

  UnknownEvent(EventHeader header, String eventType, Json json) {
    this.header = header;
    this.eventType = eventType;
    this.json = json;
  }

  /// The header, with `""` and 0 for fields that are missing or of another JSON type.
  @Override
  public EventHeader header() {
    return header;
  }

  /// The type's name on the wire; `""` if there is none.
  @Override
  public String eventType() {
    return eventType;
  }

  @Override
  public Json json() {
    return json;
  }

  /// Compares the JSON, which determines all values.
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

  /// The JSON.
  @Override
  public String toString() {
    return json.text();
  }
}
