package io.galerne.protocol;

/// A run ended, and the execution goes on as another run: same `workflow_exec_id`, new `workflow_run_id`.
public final class WorkflowExecutionContinuedAsNew extends TypedEvent
    implements WorkflowExecutionEvent {
  WorkflowExecutionContinuedAsNew(EventHeader header, Attributes attributes, Json json) {
    super(EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW, header, attributes, json);
  }

  /// Starts an event to publish.
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String taskId() {
    return attributes().text(Attribute.TASK_ID);
  }

  /// The continued run.
  public String newExecutionRunId() {
    return attributes().text(Attribute.NEW_EXECUTION_RUN_ID);
  }

  /// The registered name of the continued workflow.
  public String newWorkflowName() {
    return attributes().text(Attribute.WORKFLOW_NAME);
  }

  /// What the new run was started with.
  public Payload input() {
    return attributes().payload(Attribute.INPUT);
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW);

    private Builder() {}

    /// The fields that all events have.
    public Builder header(EventHeader header) {
      draft.setHeader(header);
      return this;
    }

    /// The task within the execution.
    public Builder taskId(String taskId) {
      draft.set(Attribute.TASK_ID, taskId);
      return this;
    }

    /// The continued run.
    public Builder newExecutionRunId(String newExecutionRunId) {
      draft.set(Attribute.NEW_EXECUTION_RUN_ID, newExecutionRunId);
      return this;
    }

    /// The registered name of the continued workflow.
    public Builder newWorkflowName(String newWorkflowName) {
      draft.set(Attribute.WORKFLOW_NAME, newWorkflowName);
      return this;
    }

    /// What the new run was started with.
    public Builder input(Payload input) {
      draft.set(Attribute.INPUT, input);
      return this;
    }

    /// Makes the event and renders its JSON.
    ///
    /// @throws IllegalStateException if the header or a required value is missing; the message names
    ///     it
    public WorkflowExecutionContinuedAsNew build() {
      return (WorkflowExecutionContinuedAsNew) draft.build();
    }
  }
}
