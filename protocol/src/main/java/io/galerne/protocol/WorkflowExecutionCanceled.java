package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// An execution was canceled. Nothing follows in it.
///
/// @param taskId the task within the execution
/// @param reason why it was canceled; null where nobody said
/// @param attempt which attempt of the execution this is, from 1
/// @param json the event exactly as it came, or as it was rendered
public record WorkflowExecutionCanceled(
    EventHeader header, String taskId, @Nullable String reason, int attempt, Json json)
    implements WorkflowExecutionEvent {
  /// An event to publish: its JSON is rendered from its fields.
  public WorkflowExecutionCanceled(
      EventHeader header, String taskId, @Nullable String reason, int attempt) {
    this(
        header,
        taskId,
        reason,
        attempt,
        new EventText(header, EventType.WORKFLOW_EXECUTION_CANCELED)
            .member("task_id", taskId)
            .member("reason", reason)
            .member("attempt", attempt)
            .json());
  }

  @Override
  public String eventType() {
    return EventType.WORKFLOW_EXECUTION_CANCELED.wireName();
  }
}
