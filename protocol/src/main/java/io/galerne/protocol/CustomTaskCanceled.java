package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// A custom task was canceled.
public final class CustomTaskCanceled extends TypedEvent implements CustomTaskEvent {
  CustomTaskCanceled(EventHeader header, Attributes attributes, Json json) {
    super(EventType.CUSTOM_TASK_CANCELED, header, attributes, json);
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

  /// The reason for the cancellation; null if unknown.
  public @Nullable String reason() {
    return attributes().optionalText(Attribute.REASON);
  }

  /// Builds an event to publish. Not thread-safe.
  public static final class Builder {
    private final EventDraft draft = new EventDraft(EventType.CUSTOM_TASK_CANCELED);

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

    /// The reason for the cancellation. Default: none.
    public Builder reason(@Nullable String reason) {
      draft.set(Attribute.REASON, reason);
      return this;
    }

    /// Builds the event and renders its JSON.
    ///
    /// @throws IllegalStateException if the header or a required value is missing; the message
    ///     names it
    public CustomTaskCanceled build() {
      return (CustomTaskCanceled) draft.build();
    }
  }
}
