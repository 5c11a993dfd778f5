package io.galerne.cli;

import io.galerne.protocol.ActivityTaskCompleted;
import io.galerne.protocol.ActivityTaskStarted;
import io.galerne.protocol.CustomTaskCompleted;
import io.galerne.protocol.CustomTaskInProgress;
import io.galerne.protocol.CustomTaskStarted;
import io.galerne.protocol.Event;
import io.galerne.protocol.EventHeader;
import io.galerne.protocol.Json;
import io.galerne.protocol.PatchOperation;
import io.galerne.protocol.Payload;
import io.galerne.protocol.WorkflowExecutionStarted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// A run of an agent that waits for input, with every type of task that is shown as more than JSON
/// (contract, section 10).
final class AgentRun {
  static final String ID = "agent-42";

  private static final String COMMAND =
      "{\"type\":\"tool\",\"title\":\"Run the tests\",\"content\":\"\",\"toolUIState\":{\"type\":"
          + "\"command\",\"toolCallId\":\"c\",\"command\":\"pytest -q\",\"result\":{\"status\":"
          + "\"failed\",\"output\":\"F..\\n1 failed, 2 passed\"}}}";
  private static final String TOOL =
      "{\"type\":\"tool\",\"title\":\"\",\"content\":\"\",\"toolUIState\":{\"type\":"
          + "\"generic_tool\",\"toolCallId\":\"t\",\"name\":\"find_order\",\"arguments\":"
          + "{\"id\":7},\"result\":{\"status\":\"running\"}}}";

  private AgentRun() {}

  /// Its events; it has waited for three minutes.
  static List<Event> events() {
    Instant now = Instant.now();
    return List.of(
        new WorkflowExecutionStarted(header(now, 600), "1", "agent", null, value("{}"), 1),
        new CustomTaskStarted(
            header(now, 590),
            "todo",
            "todo_list",
            value(
                "{\"items\":[{\"id\":\"1\",\"status\":\"done\",\"title\":\"Read the ticket\"},"
                    + "{\"id\":\"2\",\"status\":\"in_progress\",\"title\":\"Find the order\"},"
                    + "{\"id\":\"3\",\"status\":\"todo\",\"title\":\"Answer\\u001b[31m\"}]}")),
        new CustomTaskStarted(
            header(now, 580),
            "message",
            "assistant_message",
            value("{\"contentChunks\":[{\"type\":\"text\",\"text\":\"I look\"}]}")),
        new CustomTaskInProgress(
            header(now, 579),
            "message",
            "assistant_message",
            Payload.patch(
                new PatchOperation.Append(
                    "/contentChunks/0/text", " for your order, which left Lyon on Monday."))),
        new CustomTaskStarted(header(now, 570), "command", "working", value(COMMAND)),
        new CustomTaskCompleted(header(now, 565), "command", "working", value(COMMAND)),
        new CustomTaskStarted(header(now, 560), "tool", "working", value(TOOL)),
        new ActivityTaskStarted(header(now, 555), "9", "__internal__emit_task", value("{}")),
        new ActivityTaskCompleted(header(now, 554), "9", "__internal__emit_task", value("null")),
        new CustomTaskStarted(
            header(now, 185),
            "wait",
            "wait_for_input",
            value("{\"input_schema\":{},\"label\":\"Approve the refund?\"}")));
  }

  /// Events of another execution, which has waited for three minutes.
  static List<Event> waiting(String id) {
    Instant now = Instant.now();
    return List.of(
        new WorkflowExecutionStarted(
            header(id, now, 600), "1", "support", null, Payload.of(Map.of()), 1),
        new CustomTaskStarted(
            header(id, now, 185),
            "wait",
            "wait_for_input",
            Payload.of(Map.of("label", "Approve " + id + "?"))));
  }

  /// A message of the agent.
  static Event message(String text) {
    return new CustomTaskStarted(
        header(Instant.now(), 0),
        "long-message",
        "assistant_message",
        Payload.of(Map.of("contentChunks", List.of(Map.of("type", "text", "text", text)))));
  }

  static Event answered() {
    return new CustomTaskCompleted(
        header(Instant.now(), 0),
        "wait",
        "wait_for_input",
        value("{\"input_schema\":{},\"label\":\"Approve the refund?\",\"input\":{\"ok\":true}}"));
  }

  private static EventHeader header(Instant now, long secondsAgo) {
    return header(ID, now, secondsAgo);
  }

  private static EventHeader header(String id, Instant now, long secondsAgo) {
    Instant time = now.minus(Duration.ofSeconds(secondsAgo));
    return EventHeader.builder()
        .eventTimestampNanos(time.getEpochSecond() * 1_000_000_000 + time.getNano())
        .workflowExecId(id)
        .workflowRunId("run-a")
        .workflowName("support")
        .build();
  }

  private static Payload value(String json) {
    return Payload.of(Json.of(json));
  }
}
