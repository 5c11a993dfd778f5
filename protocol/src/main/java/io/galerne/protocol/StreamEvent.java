package io.galerne.protocol;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// An event as it comes over a stream (contract, section 2). Immutable.
///
/// @param stream what it belongs to: `workflow`, `activity`, or the type of its custom task
/// @param timestampText when it happened, as the server wrote it; null where it did not
/// @param data the event itself
/// @param workflowContext where it belongs
/// @param metadata what the publisher put beside it, in the publisher's order; cannot be changed
/// @param brokerSequence its place in the log: from 1, ascending, never used twice
/// @param json all of it, exactly as it came
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

  /// When it happened, as the server wrote it; where that is missing or no moment, the event's own
  /// timestamp.
  public Instant timestamp() {
    OptionalLong nanos =
        timestampText == null ? OptionalLong.empty() : EventTimestamp.parse(timestampText);
    return EventTimestamp.instant(nanos.orElse(data.eventTimestampNanos()));
  }
}
