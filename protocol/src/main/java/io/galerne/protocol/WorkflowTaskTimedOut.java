package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// A step of a workflow's own code took too long, and is tried again.
///
/// @param taskId the task within the execution
/// @param timeoutType which time ran out, such as `START_TO_CLOSE`; null where it is not known
/// @param json the event exactly as it came, or as it was rendered
public record WorkflowTaskTimedOut(
    EventHeader header, String taskId, @Nullable String timeoutType, Json json)
    implements WorkflowTaskEvent {
  /// An event to publish: its JSON is rendered from its fields.
  public WorkflowTaskTimedOut(EventHeader header, String taskId, @Nullable String timeoutType) {
    this(
        header,
        taskId,
        timeoutType,
        new EventText(header, EventType.WORKFLOW_TASK_TIMED_OUT)
            .member("task_id", taskId)
            .member("timeout_type", timeoutType)
            .json());
  }

  @Override
  public String eventType() {
    return EventType.WORKFLOW_TASK_TIMED_OUT.wireName();
  }
}
