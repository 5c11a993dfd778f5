package io.galerne.protocol;

/// A custom task ended with a result.
public final class CustomTaskCompleted extends TypedEvent implements CustomTaskEvent {
  CustomTaskCompleted(EventHeader header, Attributes attributes, Json json) {
    super(EventType.CUSTOM_TASK_COMPLETED, header, attributes, json);
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

  /// The final state.
  public Payload payload() {
    return attributes().payload(Attribute.PAYLOAD);
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.CUSTOM_TASK_COMPLETED);

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

    /// The final state.
    public Builder payload(Payload payload) {
      draft.set(Attribute.PAYLOAD, payload);
      return this;
    }

    /// Builds the event and renders its JSON.
    ///
    /// @throws IllegalStateException if the header or a required value is missing; the message
    ///     names it
    public CustomTaskCompleted build() {
      return (CustomTaskCompleted) draft.build();
    }
  }
}
