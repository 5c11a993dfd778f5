package io.galerne.protocol;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// An event of a stream, with its envelope (contract, section 2). Immutable.
///
/// Its values were parsed from its JSON, so they cannot disagree. [EventReader#streamEvent] parses
/// one; [#of] makes one for a test.
@WireJson
public final class StreamEvent {
  private final String stream;
  private final @Nullable String timestampText;
  private final Event data;
  private final WorkflowContext workflowContext;
  private final Map<String, Json> metadata;
  private final long brokerSequence;
  private final Json json;

  StreamEvent(
      String stream,
      @Nullable String timestampText,
      Event data,
      WorkflowContext workflowContext,
      Map<String, Json> metadata,
      long brokerSequence,
      Json json) {
    this.stream = stream;
    this.timestampText = timestampText;
    this.data = data;
    this.workflowContext = workflowContext;
    this.metadata =
        metadata.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    this.brokerSequence = brokerSequence;
    this.json = json;
  }

  /// The stream event that a server would send for an event without metadata, except that it names
  /// no namespace. Needed only by tests that replace the client.
  ///
  /// @throws MalformedEventException if the sequence is negative
  public static StreamEvent of(long brokerSequence, Event event) {
    return EventReader.streamEvent(EventText.streamEvent(brokerSequence, event).text());
  }

  /// The event's stream: `workflow`, `activity`, or the type of its custom task.
  public String stream() {
    return stream;
  }

  /// The server's timestamp, verbatim; empty if there is none.
  public Optional<String> timestampText() {
    return Optional.ofNullable(timestampText);
  }

  /// The server's timestamp; if that is missing or invalid, the event's own.
  public Instant timestamp() {
    OptionalLong nanos =
        timestampText == null ? OptionalLong.empty() : EventTimestamp.parse(timestampText);
    return EventTimestamp.instant(nanos.orElse(data.eventTimestampNanos()));
  }

  /// The event.
  public Event data() {
    return data;
  }

  /// The execution that the event belongs to.
  public WorkflowContext workflowContext() {
    return workflowContext;
  }

  /// The publisher's metadata, in the publisher's order; unmodifiable.
  public Map<String, Json> metadata() {
    return metadata;
  }

  /// The event's sequence in the log: from 1, ascending, unique.
  public long brokerSequence() {
    return brokerSequence;
  }

  /// The whole stream event, verbatim.
  public Json json() {
    return json;
  }

  /// Compares the JSON, which determines all values.
  @Override
  public boolean equals(Object other) {
    return other instanceof StreamEvent event && event.json.equals(json);
  }

  @Override
  public int hashCode() {
    return json.hashCode();
  }

  /// The JSON.
  @Override
  public String toString() {
    return json.text();
  }
}
