package io.galerne.protocol;

/// An event of a workflow task: a step of the workflow's own code.
public sealed interface WorkflowTaskEvent extends Event
    permits WorkflowTaskTimedOut, WorkflowTaskFailed {
  /// The id of the task within the execution.
  String taskId();
}
