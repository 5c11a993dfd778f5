package io.galerne.protocol;

/// An event about an activity of an execution, over all its attempts.
public sealed interface ActivityTaskEvent extends Event
    permits ActivityTaskStarted, ActivityTaskCompleted, ActivityTaskRetrying, ActivityTaskFailed {
  /// The activity's task within the execution.
  String taskId();

  /// The registered name of the activity.
  String activityName();
}
