package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// An execution began a run.
///
/// @param taskId the task within the execution
/// @param startedWorkflowName the registered name of the workflow that runs
/// @param displayName its name for people; null where it has none
/// @param input what the workflow was started with
/// @param attempt which attempt of the execution this is, from 1
/// @param json the event exactly as it came, or as it was rendered
public record WorkflowExecutionStarted(
    EventHeader header,
    String taskId,
    String startedWorkflowName,
    @Nullable String displayName,
    Payload input,
    int attempt,
    Json json)
    implements WorkflowExecutionEvent {
  /// An event to publish: its JSON is rendered from its fields.
  public WorkflowExecutionStarted(
      EventHeader header,
      String taskId,
      String startedWorkflowName,
      @Nullable String displayName,
      Payload input,
      int attempt) {
    this(
        header,
        taskId,
        startedWorkflowName,
        displayName,
        input,
        attempt,
        new EventText(header, EventType.WORKFLOW_EXECUTION_STARTED)
            .member("task_id", taskId)
            .member("workflow_name", startedWorkflowName)
            .member("display_name", displayName)
            .member("input", input)
            .member("attempt", attempt)
            .json());
  }

  @Override
  public String eventType() {
    return EventType.WORKFLOW_EXECUTION_STARTED.wireName();
  }
}
