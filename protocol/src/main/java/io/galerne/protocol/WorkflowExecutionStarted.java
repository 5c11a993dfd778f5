package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// A run of an execution started.
public final class WorkflowExecutionStarted extends TypedEvent implements WorkflowExecutionEvent {
  WorkflowExecutionStarted(EventHeader header, Attributes attributes, Json json) {
    super(EventType.WORKFLOW_EXECUTION_STARTED, header, attributes, json);
  }

  /// A builder of an event to publish.
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String taskId() {
    return attributes().text(Attribute.TASK_ID);
  }

  /// The registered name of the workflow to run.
  public String startedWorkflowName() {
    return attributes().text(Attribute.WORKFLOW_NAME);
  }

  /// The workflow's display name; null if it has none.
  public @Nullable String displayName() {
    return attributes().optionalText(Attribute.DISPLAY_NAME);
  }

  /// The workflow's input.
  public Payload input() {
    return attributes().payload(Attribute.INPUT);
  }

  /// The attempt of the execution, from 1.
  public int attempt() {
    return attributes().count(Attribute.ATTEMPT);
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.WORKFLOW_EXECUTION_STARTED);

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

    /// The registered name of the workflow to run. Default: that of the header.
    public Builder startedWorkflowName(String startedWorkflowName) {
      draft.set(Attribute.WORKFLOW_NAME, startedWorkflowName);
      return this;
    }

    /// The workflow's display name. Default: none.
    public Builder displayName(@Nullable String displayName) {
      draft.set(Attribute.DISPLAY_NAME, displayName);
      return this;
    }

    /// The workflow's input.
    public Builder input(Payload input) {
      draft.set(Attribute.INPUT, input);
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
    public WorkflowExecutionStarted build() {
      draft.setIfMissing(Attribute.WORKFLOW_NAME, EventHeader::workflowName);
      return (WorkflowExecutionStarted) draft.build();
    }
  }
}
