package io.galerne.client;

import io.galerne.protocol.ActivityTaskStarted;
import io.galerne.protocol.Event;
import io.galerne.protocol.EventHeader;
import io.galerne.protocol.Json;
import io.galerne.protocol.JsonPayload;
import io.galerne.protocol.WorkflowExecutionCompleted;
import java.util.List;

/// Events to send and to expect.
final class Samples {
  static final String EXECUTION = "run/1 é";

  private Samples() {}

  static EventHeader header(String execution, long number) {
    return EventHeader.builder()
        .eventId("event-" + number)
        .eventTimestampNanos(1_774_864_800_000_000_000L + number)
        .workflowExecId(execution)
        .workflowRunId("first")
        .workflowName("review")
        .build();
  }

  static Event event(long number) {
    return new ActivityTaskStarted(
        header(EXECUTION, number),
        "task-" + number,
        "extract",
        new JsonPayload(Json.of("{\"pages\":[1,2.50,\"é\"]}"), List.of()));
  }

  /// The end of an execution.
  static Event completed(String execution, long number) {
    return new WorkflowExecutionCompleted(
        header(execution, number), "1", new JsonPayload(Json.NULL, List.of()), 1);
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
