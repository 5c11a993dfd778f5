package io.galerne.protocol;

/// An event of an execution as a whole.
public sealed interface WorkflowExecutionEvent extends Event
    permits WorkflowExecutionStarted,
        WorkflowExecutionCompleted,
        WorkflowExecutionFailed,
        WorkflowExecutionCanceled,
        WorkflowExecutionContinuedAsNew {
  /// The id of the task within the execution.
  String taskId();
}
