package io.galerne.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.galerne.protocol.Event;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.EventTimestamp;
import io.galerne.protocol.Json;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One line of `script.jsonl`: an event, and when to publish it, in milliseconds after the start of
/// the round: `{"at":350,"event":{…}}`. The event lacks its id and timestamp. The ids of executions
/// and runs hold a placeholder, `{round}`.
///
/// @param at when to publish it, after the start of the round
/// @param template the event as the file has it
record ScriptedEvent(Duration at, JsonNode template) {
  private static final String FILE = "script.jsonl";
  private static final String ROUND = "{round}";

  /// Reads the script, in order of time.
  static List<ScriptedEvent> readAll() throws IOException {
    try (InputStream file = requireNonNull(ScriptedEvent.class.getResourceAsStream(FILE), FILE)) {
      return new String(file.readAllBytes(), UTF_8).lines().map(ScriptedEvent::of).toList();
    }
  }

  private static ScriptedEvent of(String text) {
    JsonNode line = Json.of(text).tree();
    return new ScriptedEvent(Duration.ofMillis(line.path("at").asLong()), line.path("event"));
  }

  /// The event as if it happened now.
  ///
  /// @param round replaces the placeholder: six hexadecimal digits, different in each round
  Event event(String round) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("event_id", UUID.randomUUID().toString());
    event.put("event_timestamp", EventTimestamp.nanos(Instant.now()));
    event.setAll((ObjectNode) Json.of(template.toString().replace(ROUND, round)).tree());
    return EventReader.event(event.toString());
  }

  String rootWorkflowExecId() {
    return template.path("root_workflow_exec_id").asString();
  }
}
