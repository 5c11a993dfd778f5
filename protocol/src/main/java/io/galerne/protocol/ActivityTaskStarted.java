package io.galerne.protocol;

/// An activity began its first attempt.
///
/// @param taskId the activity's task within the execution
/// @param activityName the registered name of the activity
/// @param input what the activity was called with
/// @param json the event exactly as it came, or as it was rendered
public record ActivityTaskStarted(
    EventHeader header, String taskId, String activityName, Payload input, Json json)
    implements ActivityTaskEvent {
  /// An event to publish: its JSON is rendered from its fields.
  public ActivityTaskStarted(
      EventHeader header, String taskId, String activityName, Payload input) {
    this(
        header,
        taskId,
        activityName,
        input,
        new EventText(header, EventType.ACTIVITY_TASK_STARTED)
            .member("task_id", taskId)
            .member("activity_name", activityName)
            .member("input", input)
            .json());
  }

  @Override
  public String eventType() {
    return EventType.ACTIVITY_TASK_STARTED.wireName();
  }
}
