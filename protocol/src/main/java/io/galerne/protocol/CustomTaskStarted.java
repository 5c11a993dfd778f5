package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// A custom task began.
///
/// @param customTaskId the task within the execution
/// @param customTaskType what kind of task it is, such as `llm_call`; also the stream of its events
/// @param payload the state it begins with; null where it has none yet
/// @param json the event exactly as it came, or as it was rendered
public record CustomTaskStarted(
    EventHeader header,
    String customTaskId,
    String customTaskType,
    @Nullable Payload payload,
    Json json)
    implements CustomTaskEvent {
  /// An event to publish: its JSON is rendered from its fields.
  public CustomTaskStarted(
      EventHeader header, String customTaskId, String customTaskType, @Nullable Payload payload) {
    this(
        header,
        customTaskId,
        customTaskType,
        payload,
        new EventText(header, EventType.CUSTOM_TASK_STARTED)
            .member("custom_task_id", customTaskId)
            .member("custom_task_type", customTaskType)
            .member("payload", payload)
            .json());
  }

  @Override
  public String eventType() {
    return EventType.CUSTOM_TASK_STARTED.wireName();
  }
}
