package io.galerne.protocol;

/// A custom task ended with a result.
///
/// @param customTaskId the task within the execution
/// @param customTaskType what kind of task it is, such as `llm_call`; also the stream of its events
/// @param payload the state it ends with
/// @param json the event exactly as it came, or as it was rendered
public record CustomTaskCompleted(
    EventHeader header, String customTaskId, String customTaskType, Payload payload, Json json)
    implements CustomTaskEvent {
  /// An event to publish: its JSON is rendered from its fields.
  public CustomTaskCompleted(
      EventHeader header, String customTaskId, String customTaskType, Payload payload) {
    this(
        header,
        customTaskId,
        customTaskType,
        payload,
        new EventText(header, EventType.CUSTOM_TASK_COMPLETED)
            .member("custom_task_id", customTaskId)
            .member("custom_task_type", customTaskType)
            .member("payload", payload)
            .json());
  }

  @Override
  public String eventType() {
    return EventType.CUSTOM_TASK_COMPLETED.wireName();
  }
}
