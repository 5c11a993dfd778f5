package io.galerne.protocol;

/// An activity ended with a result.
public final class ActivityTaskCompleted extends TypedEvent implements ActivityTaskEvent {
  ActivityTaskCompleted(EventHeader header, Attributes attributes, Json json) {
    super(EventType.ACTIVITY_TASK_COMPLETED, header, attributes, json);
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

  /// The activity's result.
  public Payload result() {
    return attributes().payload(Attribute.RESULT);
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.ACTIVITY_TASK_COMPLETED);

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

    /// The activity's result.
    public Builder result(Payload result) {
      draft.set(Attribute.RESULT, result);
      return this;
    }

    /// Builds the event and renders its JSON.
    ///
    /// @throws IllegalStateException if the header or a required value is missing; the message
    ///     names it
    public ActivityTaskCompleted build() {
      return (ActivityTaskCompleted) draft.build();
    }
  }
}
