package io.galerne.protocol;

/// An execution ended with a failure. Nothing follows in it.
///
/// @param taskId the task within the execution
/// @param failure why it failed
/// @param attempt which attempt of the execution this is, from 1
/// @param json the event exactly as it came, or as it was rendered
public record WorkflowExecutionFailed(
    EventHeader header, String taskId, Failure failure, int attempt, Json json)
    implements WorkflowExecutionEvent {
  /// An event to publish: its JSON is rendered from its fields.
  public WorkflowExecutionFailed(EventHeader header, String taskId, Failure failure, int attempt) {
    this(
        header,
        taskId,
        failure,
        attempt,
        new EventText(header, EventType.WORKFLOW_EXECUTION_FAILED)
            .member("task_id", taskId)
            .member("failure", failure)
            .member("attempt", attempt)
            .json());
  }

  @Override
  public String eventType() {
    return EventType.WORKFLOW_EXECUTION_FAILED.wireName();
  }
}
