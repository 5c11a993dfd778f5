package io.galerne.cli.demo;

import io.galerne.protocol.EventType;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// An event as it comes over the stream (contract, section 2).
///
/// @param brokerSequence its place in the log
/// @param data the event itself
record StreamEvent(long brokerSequence, JsonNode data) {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /// Reads the data of a frame.
  static StreamEvent parse(String frame) {
    JsonNode json = Json.parse(frame);
    return new StreamEvent(json.path("broker_sequence").asLong(), json.path("data"));
  }

  String eventId() {
    return text("event_id");
  }

  /// Empty for a type that is not known here.
  Optional<EventType> type() {
    return EventType.ofWireName(typeName());
  }

  String typeName() {
    return text("event_type");
  }

  String workflowName() {
    return text("workflow_name");
  }

  String workflowExecId() {
    return text("workflow_exec_id");
  }

  Optional<String> parentWorkflowExecId() {
    return Optional.of(text("parent_workflow_exec_id")).filter(id -> !id.isEmpty());
  }

  Instant time() {
    long nanos = data.path("event_timestamp").asLong();
    return Instant.ofEpochSecond(nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND);
  }

  JsonNode attributes() {
    return data.path("attributes");
  }

  private String text(String member) {
    return data.path(member).asString("");
  }
}
