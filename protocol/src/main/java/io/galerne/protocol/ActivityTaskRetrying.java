package io.galerne.protocol;

/// An attempt of an activity failed, and another one follows.
///
/// @param taskId the activity's task within the execution
/// @param activityName the registered name of the activity
/// @param attempt which attempt failed, from 1
/// @param failure why it failed
/// @param json the event exactly as it came, or as it was rendered
public record ActivityTaskRetrying(
    EventHeader header, String taskId, String activityName, int attempt, Failure failure, Json json)
    implements ActivityTaskEvent {
  /// An event to publish: its JSON is rendered from its fields.
  public ActivityTaskRetrying(
      EventHeader header, String taskId, String activityName, int attempt, Failure failure) {
    this(
        header,
        taskId,
        activityName,
        attempt,
        failure,
        new EventText(header, EventType.ACTIVITY_TASK_RETRYING)
            .member("task_id", taskId)
            .member("activity_name", activityName)
            .member("attempt", attempt)
            .member("failure", failure)
            .json());
  }

  @Override
  public String eventType() {
    return EventType.ACTIVITY_TASK_RETRYING.wireName();
  }
}
