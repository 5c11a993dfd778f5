package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// A step of a workflow's own code took too long, and is tried again.
public final class WorkflowTaskTimedOut extends TypedEvent implements WorkflowTaskEvent {
  WorkflowTaskTimedOut(EventHeader header, Attributes attributes, Json json) {
    super(EventType.WORKFLOW_TASK_TIMED_OUT, header, attributes, json);
  }

  /// Starts an event to publish.
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String taskId() {
    return attributes().text(Attribute.TASK_ID);
  }

  /// Which time ran out, such as `START_TO_CLOSE`; null if it is not known.
  public @Nullable String timeoutType() {
    return attributes().optionalText(Attribute.TIMEOUT_TYPE);
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.WORKFLOW_TASK_TIMED_OUT);

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

    /// Which time ran out, such as `START_TO_CLOSE`. Default: none.
    public Builder timeoutType(@Nullable String timeoutType) {
      draft.set(Attribute.TIMEOUT_TYPE, timeoutType);
      return this;
    }

    /// Makes the event and renders its JSON.
    ///
    /// @throws IllegalStateException if the header or a required value is missing; the message names
    ///     it
    public WorkflowTaskTimedOut build() {
      return (WorkflowTaskTimedOut) draft.build();
    }
  }
}
