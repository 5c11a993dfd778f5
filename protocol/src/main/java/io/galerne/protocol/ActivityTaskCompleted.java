package io.galerne.protocol;

/// An activity ended with a result.
///
/// @param taskId the activity's task within the execution
/// @param activityName the registered name of the activity
/// @param result what the activity returned
/// @param json the event exactly as it came, or as it was rendered
public record ActivityTaskCompleted(
    EventHeader header, String taskId, String activityName, Payload result, Json json)
    implements ActivityTaskEvent {
  /// An event to publish: its JSON is rendered from its fields.
  public ActivityTaskCompleted(
      EventHeader header, String taskId, String activityName, Payload result) {
    this(
        header,
        taskId,
        activityName,
        result,
        new EventText(header, EventType.ACTIVITY_TASK_COMPLETED)
            .member("task_id", taskId)
            .member("activity_name", activityName)
            .member("result", result)
            .json());
  }

  @Override
  public String eventType() {
    return EventType.ACTIVITY_TASK_COMPLETED.wireName();
  }
}
