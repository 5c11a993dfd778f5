package io.galerne.protocol;

/// A step of a workflow's own code failed, and is tried again.
public final class WorkflowTaskFailed extends TypedEvent implements WorkflowTaskEvent {
  WorkflowTaskFailed(EventHeader header, Attributes attributes, Json json) {
    super(EventType.WORKFLOW_TASK_FAILED, header, attributes, json);
  }

  /// Starts an event to publish.
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String taskId() {
    return attributes().text(Attribute.TASK_ID);
  }

  /// Why it failed.
  public Failure failure() {
    return attributes().failure();
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.WORKFLOW_TASK_FAILED);

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

    /// Why it failed.
    public Builder failure(Failure failure) {
      draft.set(Attribute.FAILURE, failure);
      return this;
    }

    /// As [#failure(Failure)], with a message for people.
    public Builder failure(String message) {
      return failure(new Failure(message));
    }

    /// Makes the event and renders its JSON.
    ///
    /// @throws IllegalStateException if the header or a required value is missing; the message names
    ///     it
    public WorkflowTaskFailed build() {
      return (WorkflowTaskFailed) draft.build();
    }
  }
}
