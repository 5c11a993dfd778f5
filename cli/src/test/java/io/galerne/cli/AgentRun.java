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

/// A run of an agent that waits for input, with every type of task that has its own form (contract,
/// section 10).
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
        WorkflowExecutionStarted.builder()
            .header(header(now, 600))
            .taskId("1")
            .startedWorkflowName("agent")
            .input(value("{}"))
            .build(),
        CustomTaskStarted.builder()
            .header(header(now, 590))
            .customTaskId("todo")
            .customTaskType("todo_list")
            .payload(
                value(
                    "{\"items\":[{\"id\":\"1\",\"status\":\"done\",\"title\":\"Read the ticket\"},"
                        + "{\"id\":\"2\",\"status\":\"in_progress\",\"title\":\"Find the order\"},"
                        + "{\"id\":\"3\",\"status\":\"todo\",\"title\":\"Answer\\u001b[31m\"}]}"))
            .build(),
        CustomTaskStarted.builder()
            .header(header(now, 580))
            .customTaskId("message")
            .customTaskType("assistant_message")
            .payload(value("{\"contentChunks\":[{\"type\":\"text\",\"text\":\"I look\"}]}"))
            .build(),
        CustomTaskInProgress.builder()
            .header(header(now, 579))
            .customTaskId("message")
            .customTaskType("assistant_message")
            .payload(
                Payload.patch(
                    new PatchOperation.Append(
                        "/contentChunks/0/text", " for your order, which left Lyon on Monday.")))
            .build(),
        CustomTaskStarted.builder()
            .header(header(now, 570))
            .customTaskId("command")
            .customTaskType("working")
            .payload(value(COMMAND))
            .build(),
        CustomTaskCompleted.builder()
            .header(header(now, 565))
            .customTaskId("command")
            .customTaskType("working")
            .payload(value(COMMAND))
            .build(),
        CustomTaskStarted.builder()
            .header(header(now, 560))
            .customTaskId("tool")
            .customTaskType("working")
            .payload(value(TOOL))
            .build(),
        ActivityTaskStarted.builder()
            .header(header(now, 555))
            .taskId("9")
            .activityName("__internal__emit_task")
            .input(value("{}"))
            .build(),
        ActivityTaskCompleted.builder()
            .header(header(now, 554))
            .taskId("9")
            .activityName("__internal__emit_task")
            .result(value("null"))
            .build(),
        CustomTaskStarted.builder()
            .header(header(now, 185))
            .customTaskId("wait")
            .customTaskType("wait_for_input")
            .payload(value("{\"input_schema\":{},\"label\":\"Approve the refund?\"}"))
            .build());
  }

  /// Events of another execution, which has waited for three minutes.
  static List<Event> waiting(String id) {
    Instant now = Instant.now();
    return List.of(
        WorkflowExecutionStarted.builder()
            .header(header(id, now, 600))
            .taskId("1")
            .startedWorkflowName("support")
            .input(Payload.of(Map.of()))
            .build(),
        CustomTaskStarted.builder()
            .header(header(id, now, 185))
            .customTaskId("wait")
            .customTaskType("wait_for_input")
            .payload(Payload.of(Map.of("label", "Approve " + id + "?")))
            .build());
  }

  /// A message of the agent.
  static Event message(String text) {
    return CustomTaskStarted.builder()
        .header(header(Instant.now(), 0))
        .customTaskId("long-message")
        .customTaskType("assistant_message")
        .payload(Payload.of(Map.of("contentChunks", List.of(Map.of("type", "text", "text", text)))))
        .build();
  }

  static Event answered() {
    return CustomTaskCompleted.builder()
        .header(header(Instant.now(), 0))
        .customTaskId("wait")
        .customTaskType("wait_for_input")
        .payload(
            value(
                "{\"input_schema\":{},\"label\":\"Approve the refund?\",\"input\":{\"ok\":true}}"))
        .build();
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
