package io.galerne.protocol;

/// A step of a workflow's own code failed, and is tried again.
///
/// @param taskId the task within the execution
/// @param failure why it failed
/// @param json the event exactly as it came, or as it was rendered
public record WorkflowTaskFailed(EventHeader header, String taskId, Failure failure, Json json)
    implements WorkflowTaskEvent {
  /// An event to publish: its JSON is rendered from its fields.
  public WorkflowTaskFailed(EventHeader header, String taskId, Failure failure) {
    this(
        header,
        taskId,
        failure,
        new EventText(header, EventType.WORKFLOW_TASK_FAILED)
            .member("task_id", taskId)
            .member("failure", failure)
            .json());
  }

  @Override
  public String eventType() {
    return EventType.WORKFLOW_TASK_FAILED.wireName();
  }
}
