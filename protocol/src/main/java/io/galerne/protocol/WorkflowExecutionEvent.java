package io.galerne.protocol;

/// An event about an execution as a whole.
public sealed interface WorkflowExecutionEvent extends Event
    permits WorkflowExecutionStarted,
        WorkflowExecutionCompleted,
        WorkflowExecutionFailed,
        WorkflowExecutionCanceled,
        WorkflowExecutionContinuedAsNew {
  /// The task within the execution.
  String taskId();
}
