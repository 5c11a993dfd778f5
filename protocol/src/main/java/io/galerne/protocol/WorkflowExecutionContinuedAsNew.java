package io.galerne.protocol;

/// A run ended, and the execution goes on as another run: same `workflow_exec_id`, new `workflow_run_id`.
///
/// @param taskId the task within the execution
/// @param newExecutionRunId the run that goes on
/// @param newWorkflowName the registered name of the workflow that goes on
/// @param input what the new run was started with
/// @param json the event exactly as it came, or as it was rendered
public record WorkflowExecutionContinuedAsNew(
    EventHeader header,
    String taskId,
    String newExecutionRunId,
    String newWorkflowName,
    Payload input,
    Json json)
    implements WorkflowExecutionEvent {
  /// An event to publish: its JSON is rendered from its fields.
  public WorkflowExecutionContinuedAsNew(
      EventHeader header,
      String taskId,
      String newExecutionRunId,
      String newWorkflowName,
      Payload input) {
    this(
        header,
        taskId,
        newExecutionRunId,
        newWorkflowName,
        input,
        new EventText(header, EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW)
            .member("task_id", taskId)
            .member("new_execution_run_id", newExecutionRunId)
            .member("workflow_name", newWorkflowName)
            .member("input", input)
            .json());
  }

  @Override
  public String eventType() {
    return EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW.wireName();
  }
}
