package io.galerne.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Stream events to print.
final class Fixture {
  private Fixture() {}

  /// The scenario that all modules test with, as the stream of an empty server brings it.
  static List<StreamEvent> scenario() throws IOException {
    List<StreamEvent> events = new ArrayList<>();
    for (String line : resource("/scenario.ndjson").lines().toList()) {
      events.add(new StreamEvent(events.size() + 1, Json.parse(line).path("event")));
    }
    return events;
  }

  static String resource(String name) throws IOException {
    try (InputStream in = Fixture.class.getResourceAsStream(name)) {
      return new String(requireNonNull(in, name).readAllBytes(), UTF_8);
    }
  }

  static StreamEvent event(String type, JsonNode attributes) {
    return event(type, "checkout-1", attributes);
  }

  static StreamEvent event(String type, String execId, JsonNode attributes) {
    ObjectNode event =
        Json.object(
            "event_id", "e",
            "event_timestamp", 1_774_864_800_037_000_000L,
            "event_type", type,
            "workflow_name", "checkout",
            "workflow_exec_id", execId,
            "root_workflow_exec_id", execId,
            "attributes", attributes);
    return new StreamEvent(7, event);
  }

  static StreamEvent childOf(String parentExecId, String execId) {
    StreamEvent event = event("WORKFLOW_EXECUTION_STARTED", execId, Json.object());
    ((ObjectNode) event.data()).put("parent_workflow_exec_id", parentExecId);
    return event;
  }
}
