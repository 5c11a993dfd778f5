package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// A workflow task timed out and will be retried.
public final class WorkflowTaskTimedOut extends TypedEvent implements WorkflowTaskEvent {
  WorkflowTaskTimedOut(EventHeader header, Attributes attributes, Json json) {
    super(EventType.WORKFLOW_TASK_TIMED_OUT, header, attributes, json);
  }

  /// A builder of an event to publish.
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String taskId() {
    return attributes().text(Attribute.TASK_ID);
  }

  /// The timeout that expired, such as `START_TO_CLOSE`; null if unknown.
  public @Nullable String timeoutType() {
    return attributes().optionalText(Attribute.TIMEOUT_TYPE);
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.WORKFLOW_TASK_TIMED_OUT);

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

    /// The timeout that expired, such as `START_TO_CLOSE`. Default: none.
    public Builder timeoutType(@Nullable String timeoutType) {
      draft.set(Attribute.TIMEOUT_TYPE, timeoutType);
      return this;
    }

    /// Builds the event and renders its JSON.
    ///
    /// @throws IllegalStateException if the header or a required value is missing; the message
    ///     names it
    public WorkflowTaskTimedOut build() {
      return (WorkflowTaskTimedOut) draft.build();
    }
  }
}
