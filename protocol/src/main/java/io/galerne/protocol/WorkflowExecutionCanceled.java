package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// An execution was canceled. Nothing follows in it.
public final class WorkflowExecutionCanceled extends TypedEvent implements WorkflowExecutionEvent {
  WorkflowExecutionCanceled(EventHeader header, Attributes attributes, Json json) {
    super(EventType.WORKFLOW_EXECUTION_CANCELED, header, attributes, json);
  }

  /// Starts an event to publish.
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String taskId() {
    return attributes().text(Attribute.TASK_ID);
  }

  /// Why it was canceled; null if nobody said.
  public @Nullable String reason() {
    return attributes().optionalText(Attribute.REASON);
  }

  /// Which attempt of the execution this is, from 1.
  public int attempt() {
    return attributes().count(Attribute.ATTEMPT);
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.WORKFLOW_EXECUTION_CANCELED);

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

    /// Why it was canceled. Default: none.
    public Builder reason(@Nullable String reason) {
      draft.set(Attribute.REASON, reason);
      return this;
    }

    /// Which attempt of the execution this is, from 1. Default: 1.
    public Builder attempt(int attempt) {
      draft.set(Attribute.ATTEMPT, (long) attempt);
      return this;
    }

    /// Makes the event and renders its JSON.
    ///
    /// @throws IllegalStateException if the header or a required value is missing; the message names
    ///     it
    public WorkflowExecutionCanceled build() {
      return (WorkflowExecutionCanceled) draft.build();
    }
  }
}
