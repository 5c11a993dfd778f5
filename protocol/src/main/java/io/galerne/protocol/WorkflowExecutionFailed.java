package io.galerne.protocol;

/// An execution failed. Terminal.
public final class WorkflowExecutionFailed extends TypedEvent implements WorkflowExecutionEvent {
  WorkflowExecutionFailed(EventHeader header, Attributes attributes, Json json) {
    super(EventType.WORKFLOW_EXECUTION_FAILED, header, attributes, json);
  }

  /// A builder of an event to publish.
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String taskId() {
    return attributes().text(Attribute.TASK_ID);
  }

  /// The failure.
  public Failure failure() {
    return attributes().failure();
  }

  /// The attempt of the execution, from 1.
  public int attempt() {
    return attributes().count(Attribute.ATTEMPT);
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.WORKFLOW_EXECUTION_FAILED);

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

    /// The failure.
    public Builder failure(Failure failure) {
      draft.set(Attribute.FAILURE, failure);
      return this;
    }

    /// As [#failure(Failure)], with a message.
    public Builder failure(String message) {
      return failure(new Failure(message));
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
    public WorkflowExecutionFailed build() {
      return (WorkflowExecutionFailed) draft.build();
    }
  }
}
