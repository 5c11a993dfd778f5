package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// An execution was canceled. Terminal.
public final class WorkflowExecutionCanceled extends TypedEvent implements WorkflowExecutionEvent {
  WorkflowExecutionCanceled(EventHeader header, Attributes attributes, Json json) {
    super(EventType.WORKFLOW_EXECUTION_CANCELED, header, attributes, json);
  }

  /// A builder of an event to publish.
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String taskId() {
    return attributes().text(Attribute.TASK_ID);
  }

  /// The reason for the cancellation; null if unknown.
  public @Nullable String reason() {
    return attributes().optionalText(Attribute.REASON);
  }

  /// The attempt of the execution, from 1.
  public int attempt() {
    return attributes().count(Attribute.ATTEMPT);
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.WORKFLOW_EXECUTION_CANCELED);

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

    /// The reason for the cancellation. Default: none.
    public Builder reason(@Nullable String reason) {
      draft.set(Attribute.REASON, reason);
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
    public WorkflowExecutionCanceled build() {
      return (WorkflowExecutionCanceled) draft.build();
    }
  }
}
