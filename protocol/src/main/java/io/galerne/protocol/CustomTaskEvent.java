package io.galerne.protocol;

/// An event of a custom task, with which an execution reports progress, such as text as it is
/// generated.
public sealed interface CustomTaskEvent extends Event
    permits CustomTaskStarted,
        CustomTaskInProgress,
        CustomTaskCompleted,
        CustomTaskFailed,
        CustomTaskTimedOut,
        CustomTaskCanceled {
  /// The id of the task within the execution.
  String customTaskId();

  /// The task's type, such as `llm_call`; also the stream of its events.
  String customTaskType();
}
