package io.galerne.protocol;

/// The last attempt of an activity failed.
public final class ActivityTaskFailed extends TypedEvent implements ActivityTaskEvent {
  ActivityTaskFailed(EventHeader header, Attributes attributes, Json json) {
    super(EventType.ACTIVITY_TASK_FAILED, header, attributes, json);
  }

  /// Starts an event to publish.
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

  /// Which attempt was the last, from 1.
  public int attempt() {
    return attributes().count(Attribute.ATTEMPT);
  }

  /// Why it failed.
  public Failure failure() {
    return attributes().failure();
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.ACTIVITY_TASK_FAILED);

    private Builder() {}

    /// The fields that all events have.
    public Builder header(EventHeader header) {
      draft.setHeader(header);
      return this;
    }

    /// The activity's task within the execution.
    public Builder taskId(String taskId) {
      draft.set(Attribute.TASK_ID, taskId);
      return this;
    }

    /// The registered name of the activity.
    public Builder activityName(String activityName) {
      draft.set(Attribute.ACTIVITY_NAME, activityName);
      return this;
    }

    /// Which attempt was the last, from 1.
    public Builder attempt(int attempt) {
      draft.set(Attribute.ATTEMPT, (long) attempt);
      return this;
    }

    /// Why it failed.
    public Builder failure(Failure failure) {
      draft.set(Attribute.FAILURE, failure);
      return this;
    }

    /// As [#failure(Failure)], with a message for people.
    public Builder failure(String message) {
      return failure(new Failure(message));
    }

    /// Makes the event and renders its JSON.
    ///
    /// @throws IllegalStateException if the header or a required value is missing; the message names
    ///     it
    public ActivityTaskFailed build() {
      return (ActivityTaskFailed) draft.build();
    }
  }
}
