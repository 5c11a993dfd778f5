package io.galerne.protocol;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// An event of a stream, with its envelope (contract, section 2). Immutable.
///
/// @param stream the event's stream: `workflow`, `activity`, or the type of its custom task
/// @param timestampText the server's timestamp, verbatim; null if there is none
/// @param data the event
/// @param workflowContext the execution that the event belongs to
/// @param metadata the publisher's metadata, in the publisher's order; unmodifiable
/// @param brokerSequence the event's sequence in the log: from 1, ascending, unique
/// @param json the whole stream event, verbatim
@WireJson
public record StreamEvent(
    String stream,
    @Nullable String timestampText,
    Event data,
    WorkflowContext workflowContext,
    Map<String, Json> metadata,
    long brokerSequence,
    Json json) {
  public StreamEvent {
    metadata =
        metadata.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /// The server's timestamp; if that is missing or invalid, the event's own.
  public Instant timestamp() {
    OptionalLong nanos =
        timestampText == null ? OptionalLong.empty() : EventTimestamp.parse(timestampText);
    return EventTimestamp.instant(nanos.orElse(data.eventTimestampNanos()));
  }
}
