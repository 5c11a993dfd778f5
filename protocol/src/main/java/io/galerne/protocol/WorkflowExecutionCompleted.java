package io.galerne.protocol;

/// An execution completed with a result. Terminal.
public final class WorkflowExecutionCompleted extends TypedEvent implements WorkflowExecutionEvent {
  WorkflowExecutionCompleted(EventHeader header, Attributes attributes, Json json) {
    super(EventType.WORKFLOW_EXECUTION_COMPLETED, header, attributes, json);
  }

  /// A builder of an event to publish.
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String taskId() {
    return attributes().text(Attribute.TASK_ID);
  }

  /// The workflow's result.
  public Payload result() {
    return attributes().payload(Attribute.RESULT);
  }

  /// The attempt of the execution, from 1.
  public int attempt() {
    return attributes().count(Attribute.ATTEMPT);
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.WORKFLOW_EXECUTION_COMPLETED);

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

    /// The workflow's result.
    public Builder result(Payload result) {
      draft.set(Attribute.RESULT, result);
      return this;
    }

    /// The attempt of the execution, from 1. Default: 1.
    public Builder attempt(int attempt) {
      draft.set(Attribute.ATTEMPT, (long) attempt);
      return this;
    }

    /// Builds the event and renders its JSON.
    ///
    /// @throws IllegalStateException if the header or a required value is missing; the message
    ///     names it
    public WorkflowExecutionCompleted build() {
      return (WorkflowExecutionCompleted) draft.build();
    }
  }
}
