package io.galerne.protocol;

/// A custom task has a new state, or a change of its state.
///
/// @param customTaskId the task within the execution
/// @param customTaskType what kind of task it is, such as `llm_call`; also the stream of its events
/// @param payload the state, or a JSON Patch that leads to it from the state before
/// @param json the event exactly as it came, or as it was rendered
public record CustomTaskInProgress(
    EventHeader header, String customTaskId, String customTaskType, Payload payload, Json json)
    implements CustomTaskEvent {
  /// An event to publish: its JSON is rendered from its fields.
  public CustomTaskInProgress(
      EventHeader header, String customTaskId, String customTaskType, Payload payload) {
    this(
        header,
        customTaskId,
        customTaskType,
        payload,
        new EventText(header, EventType.CUSTOM_TASK_IN_PROGRESS)
            .member("custom_task_id", customTaskId)
            .member("custom_task_type", customTaskType)
            .member("payload", payload)
            .json());
  }

  @Override
  public String eventType() {
    return EventType.CUSTOM_TASK_IN_PROGRESS.wireName();
  }
}
