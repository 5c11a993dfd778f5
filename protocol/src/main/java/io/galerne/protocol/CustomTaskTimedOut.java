package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// A custom task took too long.
///
/// @param customTaskId the task within the execution
/// @param customTaskType what kind of task it is, such as `llm_call`; also the stream of its events
/// @param timeoutType which time ran out; null where it is not known
/// @param json the event exactly as it came, or as it was rendered
public record CustomTaskTimedOut(
    EventHeader header,
    String customTaskId,
    String customTaskType,
    @Nullable String timeoutType,
    Json json)
    implements CustomTaskEvent {
  /// An event to publish: its JSON is rendered from its fields.
  public CustomTaskTimedOut(
      EventHeader header,
      String customTaskId,
      String customTaskType,
      @Nullable String timeoutType) {
    this(
        header,
        customTaskId,
        customTaskType,
        timeoutType,
        new EventText(header, EventType.CUSTOM_TASK_TIMED_OUT)
            .member("custom_task_id", customTaskId)
            .member("custom_task_type", customTaskType)
            .member("timeout_type", timeoutType)
            .json());
  }

  @Override
  public String eventType() {
    return EventType.CUSTOM_TASK_TIMED_OUT.wireName();
  }
}
