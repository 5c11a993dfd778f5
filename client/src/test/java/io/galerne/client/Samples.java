package io.galerne.client;

import io.galerne.protocol.ActivityTaskStarted;
import io.galerne.protocol.Event;
import io.galerne.protocol.EventHeader;
import io.galerne.protocol.Failure;
import io.galerne.protocol.Json;
import io.galerne.protocol.JsonPayload;
import io.galerne.protocol.WorkflowExecutionCompleted;
import io.galerne.protocol.WorkflowExecutionFailed;
import io.galerne.protocol.WorkflowExecutionStarted;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Sample events to send and to expect.
final class Samples {
  static final String EXECUTION = "run/1 é";

  private Samples() {}

  static EventHeader header(String execution, long number) {
    return header(execution, "first", number);
  }

  static EventHeader header(String execution, String run, long number) {
    return EventHeader.builder()
        .eventId("event-" + number)
        .eventTimestampNanos(1_774_864_800_000_000_000L + number)
        .workflowExecId(execution)
        .workflowRunId(run)
        .workflowName("review")
        .build();
  }

  static Event event(long number) {
    return ActivityTaskStarted.builder()
        .header(header(EXECUTION, number))
        .taskId("task-" + number)
        .activityName("extract")
        .input(new JsonPayload(Json.of("{\"pages\":[1,2.50,\"é\"]}"), List.of()))
        .build();
  }

  /// The end of an execution.
  static Event completed(String execution, long number) {
    return WorkflowExecutionCompleted.builder()
        .header(header(execution, number))
        .taskId("1")
        .result(new JsonPayload(Json.NULL, List.of()))
        .build();
  }

  /// A run starts.
  static Event started(String execution, String run, long number) {
    return WorkflowExecutionStarted.builder()
        .header(header(execution, run, number))
        .taskId("1")
        .startedWorkflowName("review")
        .input(new JsonPayload(Json.NULL))
        .build();
  }

  /// A run fails, which may or may not end the execution.
  static Event failed(String execution, String run, long number) {
    return WorkflowExecutionFailed.builder()
        .header(header(execution, run, number))
        .taskId("1")
        .failure(new Failure("no disk"))
        .build();
  }

  /// A run completes.
  static Event completed(String execution, String run, long number) {
    return WorkflowExecutionCompleted.builder()
        .header(header(execution, run, number))
        .taskId("1")
        .result(new JsonPayload(Json.NULL))
        .build();
  }

  /// The event that workers publish after the terminal event.
  static Event straggler(String execution, String run, long number) {
    return ActivityTaskStarted.builder()
        .header(header(execution, run, number))
        .taskId("9")
        .activityName("__internal__")
        .input(new JsonPayload(Json.NULL))
        .build();
  }

  /// A page of a list.
  static String page(@Nullable String nextCursor, Event... events) {
    return Stream.of(events)
        .map(event -> event.json().text())
        .collect(
            Collectors.joining(
                ",",
                "{\"events\":[",
                "],\"next_cursor\":"
                    + (nextCursor == null ? "null" : "\"" + nextCursor + "\"")
                    + "}"));
  }

  static String streamEvent(long sequence, Event event) {
    return "{\"stream\":\"activity\",\"timestamp\":\"2026-03-30T10:00:00.000000000Z\",\"data\":"
        + event.json().text()
        + ",\"workflow_context\":{\"namespace\":\"default\",\"workflow_name\":\"review\","
        + "\"workflow_exec_id\":\""
        + event.workflowExecId()
        + "\",\"parent_workflow_exec_id\":null,\"root_workflow_exec_id\":\""
        + event.rootWorkflowExecId()
        + "\"},\"metadata\":{},\"broker_sequence\":"
        + sequence
        + "}";
  }

  static String frame(long sequence) {
    return frame(sequence, event(sequence));
  }

  static String frame(long sequence, Event event) {
    return "id: " + sequence + "\ndata: " + streamEvent(sequence, event) + "\n\n";
  }
}
