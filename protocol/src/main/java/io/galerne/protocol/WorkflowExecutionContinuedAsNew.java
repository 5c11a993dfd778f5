package io.galerne.protocol;

/// A run ended, and the execution continues as another run: same `workflow_exec_id`, new
/// `workflow_run_id`.
public final class WorkflowExecutionContinuedAsNew extends TypedEvent
    implements WorkflowExecutionEvent {
  WorkflowExecutionContinuedAsNew(EventHeader header, Attributes attributes, Json json) {
    super(EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW, header, attributes, json);
  }

  /// A builder of an event to publish.
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String taskId() {
    return attributes().text(Attribute.TASK_ID);
  }

  /// The new run.
  public String newExecutionRunId() {
    return attributes().text(Attribute.NEW_EXECUTION_RUN_ID);
  }

  /// The registered name of the new run's workflow.
  public String newWorkflowName() {
    return attributes().text(Attribute.WORKFLOW_NAME);
  }

  /// The new run's input.
  public Payload input() {
    return attributes().payload(Attribute.INPUT);
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW);

    private Builder() {}

    /// The common fields of all events.
    public Builder header(EventHeader header) {
      draft.setHeader(header);
      return this;
    }

    /// The id of the task within the execution.
    public Builder taskId(String taskId) {
      draft.set(Attribute.TASK_ID, taskId);
      return this;
    }

    /// The new run.
    public Builder newExecutionRunId(String newExecutionRunId) {
      draft.set(Attribute.NEW_EXECUTION_RUN_ID, newExecutionRunId);
      return this;
    }

    /// The registered name of the new run's workflow.
    public Builder newWorkflowName(String newWorkflowName) {
      draft.set(Attribute.WORKFLOW_NAME, newWorkflowName);
      return this;
    }

    /// The new run's input.
    public Builder input(Payload input) {
      draft.set(Attribute.INPUT, input);
      return this;
    }

    /// Builds the event and renders its JSON.
    ///
    /// @throws IllegalStateException if the header or a required value is missing; the message
    ///     names it
    public WorkflowExecutionContinuedAsNew build() {
      return (WorkflowExecutionContinuedAsNew) draft.build();
    }
  }
}
