package io.galerne.protocol;

/// A custom task ended with a failure.
///
/// @param customTaskId the task within the execution
/// @param customTaskType what kind of task it is, such as `llm_call`; also the stream of its events
/// @param failure why it failed
/// @param json the event exactly as it came, or as it was rendered
public record CustomTaskFailed(
    EventHeader header, String customTaskId, String customTaskType, Failure failure, Json json)
    implements CustomTaskEvent {
  /// An event to publish: its JSON is rendered from its fields.
  public CustomTaskFailed(
      EventHeader header, String customTaskId, String customTaskType, Failure failure) {
    this(
        header,
        customTaskId,
        customTaskType,
        failure,
        new EventText(header, EventType.CUSTOM_TASK_FAILED)
            .member("custom_task_id", customTaskId)
            .member("custom_task_type", customTaskType)
            .member("failure", failure)
            .json());
  }

  @Override
  public String eventType() {
    return EventType.CUSTOM_TASK_FAILED.wireName();
  }
}
