package io.galerne.protocol;

/// A custom task has a new state, or a change of its state.
public final class CustomTaskInProgress extends TypedEvent implements CustomTaskEvent {
  CustomTaskInProgress(EventHeader header, Attributes attributes, Json json) {
    super(EventType.CUSTOM_TASK_IN_PROGRESS, header, attributes, json);
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

  /// The state, or a JSON Patch that leads to it from the state before.
  public Payload payload() {
    return attributes().payload(Attribute.PAYLOAD);
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.CUSTOM_TASK_IN_PROGRESS);

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

    /// The state, or a JSON Patch that leads to it from the state before.
    public Builder payload(Payload payload) {
      draft.set(Attribute.PAYLOAD, payload);
      return this;
    }

    /// Makes the event and renders its JSON.
    ///
    /// @throws IllegalStateException if the header or a required value is missing; the message names
    ///     it
    public CustomTaskInProgress build() {
      return (CustomTaskInProgress) draft.build();
    }
  }
}
