package io.galerne.cli.print;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.galerne.protocol.EventReader;
import io.galerne.protocol.Json;
import io.galerne.protocol.StreamEvent;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Stream events to print.
public final class Fixture {
  private Fixture() {}

  /// Returns the scenario that all modules use in tests, as an empty server streams it.
  public static List<StreamEvent> scenario() throws IOException {
    List<StreamEvent> events = new ArrayList<>();
    for (String line : resource("/scenario.ndjson").lines().toList()) {
      events.add(
          EventReader.streamEvent(
              line.replaceFirst(
                  "\\{\"event\":",
                  "{\"broker_sequence\":%d,\"data\":".formatted(events.size() + 1))));
    }
    return events;
  }

  public static String resource(String name) throws IOException {
    try (InputStream in = Fixture.class.getResourceAsStream(name)) {
      return new String(requireNonNull(in, name).readAllBytes(), UTF_8);
    }
  }

  public static StreamEvent event(String type, JsonNode attributes) {
    return event(type, "checkout-1", attributes);
  }

  public static StreamEvent event(String type, String execId, JsonNode attributes) {
    return streamEvent(7, json(type, execId, attributes));
  }

  static StreamEvent childOf(String parentExecId, String execId) {
    ObjectNode event = json("WORKFLOW_EXECUTION_STARTED", execId, object());
    return streamEvent(7, event.put("parent_workflow_exec_id", parentExecId));
  }

  public static StreamEvent streamEvent(long brokerSequence, JsonNode event) {
    return EventReader.streamEvent(
        object("data", event, "broker_sequence", brokerSequence).toString());
  }

  private static ObjectNode json(String type, String execId, JsonNode attributes) {
    return object(
        "event_id",
        "e",
        "event_timestamp",
        1_774_864_800_037_000_000L,
        "event_type",
        type,
        "workflow_name",
        "checkout",
        "workflow_exec_id",
        execId,
        "workflow_run_id",
        "run-1",
        "root_workflow_exec_id",
        execId,
        "attributes",
        attributes);
  }

  /// Returns an object of alternating names and values.
  static ObjectNode object(Object... namesAndValues) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return (ObjectNode) Json.ofValue(members).tree();
  }
}
