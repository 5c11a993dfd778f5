package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// An execution began a run.
public final class WorkflowExecutionStarted extends TypedEvent implements WorkflowExecutionEvent {
  WorkflowExecutionStarted(EventHeader header, Attributes attributes, Json json) {
    super(EventType.WORKFLOW_EXECUTION_STARTED, header, attributes, json);
  }

  /// Starts an event to publish.
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String taskId() {
    return attributes().text(Attribute.TASK_ID);
  }

  /// The registered name of the workflow that runs.
  public String startedWorkflowName() {
    return attributes().text(Attribute.WORKFLOW_NAME);
  }

  /// Its name for people; null if it has none.
  public @Nullable String displayName() {
    return attributes().optionalText(Attribute.DISPLAY_NAME);
  }

  /// What the workflow was started with.
  public Payload input() {
    return attributes().payload(Attribute.INPUT);
  }

  /// Which attempt of the execution this is, from 1.
  public int attempt() {
    return attributes().count(Attribute.ATTEMPT);
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.WORKFLOW_EXECUTION_STARTED);

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

    /// The registered name of the workflow that runs. Default: that of the header.
    public Builder startedWorkflowName(String startedWorkflowName) {
      draft.set(Attribute.WORKFLOW_NAME, startedWorkflowName);
      return this;
    }

    /// Its name for people. Default: none.
    public Builder displayName(@Nullable String displayName) {
      draft.set(Attribute.DISPLAY_NAME, displayName);
      return this;
    }

    /// What the workflow was started with.
    public Builder input(Payload input) {
      draft.set(Attribute.INPUT, input);
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
    public WorkflowExecutionStarted build() {
      draft.setIfMissing(Attribute.WORKFLOW_NAME, EventHeader::workflowName);
      return (WorkflowExecutionStarted) draft.build();
    }
  }
}
