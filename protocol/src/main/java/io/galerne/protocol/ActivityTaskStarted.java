package io.galerne.protocol;

/// An activity started its first attempt.
public final class ActivityTaskStarted extends TypedEvent implements ActivityTaskEvent {
  ActivityTaskStarted(EventHeader header, Attributes attributes, Json json) {
    super(EventType.ACTIVITY_TASK_STARTED, header, attributes, json);
  }

  /// A builder of an event to publish.
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String taskId() {
    return attributes().text(Attribute.TASK_ID);
  }

  @Override
  public String activityName() {
    return attributes().text(Attribute.ACTIVITY_NAME);
  }

  /// The activity's input.
  public Payload input() {
    return attributes().payload(Attribute.INPUT);
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.ACTIVITY_TASK_STARTED);

    private Builder() {}

    /// The common fields of all events.
    public Builder header(EventHeader header) {
      draft.setHeader(header);
      return this;
    }

    /// The id of the activity's task within the execution.
    public Builder taskId(String taskId) {
      draft.set(Attribute.TASK_ID, taskId);
      return this;
    }

    /// The registered name of the activity.
    public Builder activityName(String activityName) {
      draft.set(Attribute.ACTIVITY_NAME, activityName);
      return this;
    }

    /// The activity's input.
    public Builder input(Payload input) {
      draft.set(Attribute.INPUT, input);
      return this;
    }

    /// Builds the event and renders its JSON.
    ///
    /// @throws IllegalStateException if the header or a required value is missing; the message
    ///     names it
    public ActivityTaskStarted build() {
      return (ActivityTaskStarted) draft.build();
    }
  }
}
