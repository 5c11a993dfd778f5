package io.galerne.protocol;

/// An event about a step of a workflow's own code.
public sealed interface WorkflowTaskEvent extends Event
    permits WorkflowTaskTimedOut, WorkflowTaskFailed {
  /// The task within the execution.
  String taskId();
}
