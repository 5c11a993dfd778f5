package io.galerne.protocol;

/// An execution ended with a result. Nothing follows in it.
///
/// @param taskId the task within the execution
/// @param result what the workflow returned
/// @param attempt which attempt of the execution this is, from 1
/// @param json the event exactly as it came, or as it was rendered
public record WorkflowExecutionCompleted(
    EventHeader header, String taskId, Payload result, int attempt, Json json)
    implements WorkflowExecutionEvent {
  /// An event to publish: its JSON is rendered from its fields.
  public WorkflowExecutionCompleted(
      EventHeader header, String taskId, Payload result, int attempt) {
    this(
        header,
        taskId,
        result,
        attempt,
        new EventText(header, EventType.WORKFLOW_EXECUTION_COMPLETED)
            .member("task_id", taskId)
            .member("result", result)
            .member("attempt", attempt)
            .json());
  }

  @Override
  public String eventType() {
    return EventType.WORKFLOW_EXECUTION_COMPLETED.wireName();
  }
}
