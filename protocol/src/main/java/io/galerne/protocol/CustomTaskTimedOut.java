package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// A custom task timed out.
public final class CustomTaskTimedOut extends TypedEvent implements CustomTaskEvent {
  CustomTaskTimedOut(EventHeader header, Attributes attributes, Json json) {
    super(EventType.CUSTOM_TASK_TIMED_OUT, header, attributes, json);
  }

  /// A builder of an event to publish.
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

  /// The timeout that expired; null if unknown.
  public @Nullable String timeoutType() {
    return attributes().optionalText(Attribute.TIMEOUT_TYPE);
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.CUSTOM_TASK_TIMED_OUT);

    private Builder() {}

    /// The common fields of all events.
    public Builder header(EventHeader header) {
      draft.setHeader(header);
      return this;
    }

    /// The id of the task within the execution.
    public Builder customTaskId(String customTaskId) {
      draft.set(Attribute.CUSTOM_TASK_ID, customTaskId);
      return this;
    }

    /// The task's type, such as `llm_call`; also the stream of its events.
    public Builder customTaskType(String customTaskType) {
      draft.set(Attribute.CUSTOM_TASK_TYPE, customTaskType);
      return this;
    }

    /// The timeout that expired. Default: none.
    public Builder timeoutType(@Nullable String timeoutType) {
      draft.set(Attribute.TIMEOUT_TYPE, timeoutType);
      return this;
    }

    /// Builds the event and renders its JSON.
    ///
    /// @throws IllegalStateException if the header or a required value is missing; the message
    ///     names it
    public CustomTaskTimedOut build() {
      return (CustomTaskTimedOut) draft.build();
    }
  }
}
