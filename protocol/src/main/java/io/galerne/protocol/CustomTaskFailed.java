package io.galerne.protocol;

/// A custom task ended with a failure.
public final class CustomTaskFailed extends TypedEvent implements CustomTaskEvent {
  CustomTaskFailed(EventHeader header, Attributes attributes, Json json) {
    super(EventType.CUSTOM_TASK_FAILED, header, attributes, json);
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

  /// The failure.
  public Failure failure() {
    return attributes().failure();
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.CUSTOM_TASK_FAILED);

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

    /// The failure.
    public Builder failure(Failure failure) {
      draft.set(Attribute.FAILURE, failure);
      return this;
    }

    /// As [#failure(Failure)], with a message.
    public Builder failure(String message) {
      return failure(new Failure(message));
    }

    /// Builds the event and renders its JSON.
    ///
    /// @throws IllegalStateException if the header or a required value is missing; the message
    ///     names it
    public CustomTaskFailed build() {
      return (CustomTaskFailed) draft.build();
    }
  }
}
