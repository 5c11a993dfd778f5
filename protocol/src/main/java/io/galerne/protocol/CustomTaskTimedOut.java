package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// A custom task took too long.
public final class CustomTaskTimedOut extends TypedEvent implements CustomTaskEvent {
  CustomTaskTimedOut(EventHeader header, Attributes attributes, Json json) {
    super(EventType.CUSTOM_TASK_TIMED_OUT, header, attributes, json);
  }

  /// Starts an event to publish.
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String customTaskId() {
    return attributes().text(Attribute.CUSTOM_TASK_ID);
  }

  @Override
  public String customTaskType() {
    return attributes().text(Attribute.CUSTOM_TASK_TYPE);
  }

  /// Which time ran out; null if it is not known.
  public @Nullable String timeoutType() {
    return attributes().optionalText(Attribute.TIMEOUT_TYPE);
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.CUSTOM_TASK_TIMED_OUT);

    private Builder() {}

    /// The fields that all events have.
    public Builder header(EventHeader header) {
      draft.setHeader(header);
      return this;
    }

    /// The task within the execution.
    public Builder customTaskId(String customTaskId) {
      draft.set(Attribute.CUSTOM_TASK_ID, customTaskId);
      return this;
    }

    /// What kind of task it is, such as `llm_call`; also the stream of its events.
    public Builder customTaskType(String customTaskType) {
      draft.set(Attribute.CUSTOM_TASK_TYPE, customTaskType);
      return this;
    }

    /// Which time ran out. Default: none.
    public Builder timeoutType(@Nullable String timeoutType) {
      draft.set(Attribute.TIMEOUT_TYPE, timeoutType);
      return this;
    }

    /// Makes the event and renders its JSON.
    ///
    /// @throws IllegalStateException if the header or a required value is missing; the message names
    ///     it
    public CustomTaskTimedOut build() {
      return (CustomTaskTimedOut) draft.build();
    }
  }
}
