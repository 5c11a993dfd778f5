package io.galerne.protocol;

/// The last attempt of an activity failed.
public final class ActivityTaskFailed extends TypedEvent implements ActivityTaskEvent {
  ActivityTaskFailed(EventHeader header, Attributes attributes, Json json) {
    super(EventType.ACTIVITY_TASK_FAILED, header, attributes, json);
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

  /// The last attempt, from 1.
  public int attempt() {
    return attributes().count(Attribute.ATTEMPT);
  }

  /// The failure.
  public Failure failure() {
    return attributes().failure();
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.ACTIVITY_TASK_FAILED);

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

    /// The last attempt, from 1.
    public Builder attempt(int attempt) {
      draft.set(Attribute.ATTEMPT, (long) attempt);
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
    public ActivityTaskFailed build() {
      return (ActivityTaskFailed) draft.build();
    }
  }
}
