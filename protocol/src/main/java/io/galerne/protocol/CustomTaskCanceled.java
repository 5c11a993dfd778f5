package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// A custom task was canceled.
///
/// @param customTaskId the task within the execution
/// @param customTaskType what kind of task it is, such as `llm_call`; also the stream of its events
/// @param reason why it was canceled; null where nobody said
/// @param json the event exactly as it came, or as it was rendered
public record CustomTaskCanceled(
    EventHeader header,
    String customTaskId,
    String customTaskType,
    @Nullable String reason,
    Json json)
    implements CustomTaskEvent {
  /// An event to publish: its JSON is rendered from its fields.
  public CustomTaskCanceled(
      EventHeader header, String customTaskId, String customTaskType, @Nullable String reason) {
    this(
        header,
        customTaskId,
        customTaskType,
        reason,
        new EventText(header, EventType.CUSTOM_TASK_CANCELED)
            .member("custom_task_id", customTaskId)
            .member("custom_task_type", customTaskType)
            .member("reason", reason)
            .json());
  }

  @Override
  public String eventType() {
    return EventType.CUSTOM_TASK_CANCELED.wireName();
  }
}
