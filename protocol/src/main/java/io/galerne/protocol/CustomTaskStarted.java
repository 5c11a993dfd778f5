package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// A custom task started.
public final class CustomTaskStarted extends TypedEvent implements CustomTaskEvent {
  CustomTaskStarted(EventHeader header, Attributes attributes, Json json) {
    super(EventType.CUSTOM_TASK_STARTED, header, attributes, json);
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

  /// The initial state; null if there is none yet.
  public @Nullable Payload payload() {
    return attributes().optionalPayload(Attribute.PAYLOAD);
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.CUSTOM_TASK_STARTED);

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

    /// The initial state. Default: none.
    public Builder payload(@Nullable Payload payload) {
      draft.set(Attribute.PAYLOAD, payload);
      return this;
    }

    /// Builds the event and renders its JSON.
    ///
    /// @throws IllegalStateException if the header or a required value is missing; the message
    ///     names it
    public CustomTaskStarted build() {
      return (CustomTaskStarted) draft.build();
    }
  }
}
