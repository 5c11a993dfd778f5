package io.galerne.protocol;

/// An event of an activity, across all of its attempts.
public sealed interface ActivityTaskEvent extends Event
    permits ActivityTaskStarted, ActivityTaskCompleted, ActivityTaskRetrying, ActivityTaskFailed {
  /// The id of the activity's task within the execution.
  String taskId();

  /// The registered name of the activity.
  String activityName();
}
