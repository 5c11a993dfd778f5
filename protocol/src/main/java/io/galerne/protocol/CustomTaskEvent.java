package io.galerne.protocol;

/// An event about something that an execution reports on while it works on it, such as text as it
/// is written.
public sealed interface CustomTaskEvent extends Event
    permits CustomTaskStarted,
        CustomTaskInProgress,
        CustomTaskCompleted,
        CustomTaskFailed,
        CustomTaskTimedOut,
        CustomTaskCanceled {
  /// The task within the execution.
  String customTaskId();

  /// What kind of task it is, such as `llm_call`; also the stream of its events.
  String customTaskType();
}
