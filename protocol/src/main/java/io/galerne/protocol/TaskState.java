package io.galerne.protocol;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a custom task or an activity has come to: its events, folded into its current value.
/// Immutable; each event makes a new state.
///
/// A payload that cannot be followed here leaves the value as it was and makes the state stale,
/// with the reason: one that is encoded, or a patch that does not fit, such as after events that
/// were not seen. The next whole value ends that. So no event costs a reader its task.
///
/// ```java
/// EventHeader header =
///     EventHeader.builder()
///         .workflowExecId("chat-1").workflowRunId("run-1").workflowName("chat").build();
/// TaskState state =
///     TaskState.of(
///         CustomTaskStarted.builder()
///             .header(header)
///             .customTaskId("1")
///             .customTaskType("answer")
///             .payload(Payload.of(Map.of("text", "Bon")))
///             .build());
/// state =
///     state.apply(
///         CustomTaskInProgress.builder()
///             .header(header.next().build())
///             .customTaskId("1")
///             .customTaskType("answer")
///             .payload(Payload.patch(new PatchOperation.Append("/text", "jour")))
///             .build());
/// System.out.println(state.value().orElseThrow()); // {"text":"Bonjour"}
/// ```
///
/// [TaskStates] does it for all tasks of a stream.
public final class TaskState {
  /// A task that never stops writing must not fill the memory: what patches may bring since the
  /// last whole value, in characters of JSON. Beyond it the state is stale.
  public static final int MAX_PATCHED_CHARS = 64 * 1024 * 1024;

  /// How far a task is.
  public enum Status {
    RUNNING,
    /// An attempt of an activity failed, and another one follows.
    RETRYING,
    COMPLETED,
    FAILED,
    TIMED_OUT,
    CANCELED;

    /// Whether the task has ended.
    public boolean isFinal() {
      return this != RUNNING && this != RETRYING;
    }
  }

  private final TaskKey key;
  private final String name;
  private final Status status;
  private final TaskValue value;
  private final @Nullable Failure failure;
  private final @Nullable String reason;

  private TaskState(
      TaskKey key,
      String name,
      Status status,
      TaskValue value,
      @Nullable Failure failure,
      @Nullable String reason) {
    this.key = key;
    this.name = name;
    this.status = status;
    this.value = value;
    this.failure = failure;
    this.reason = reason;
  }

  /// The state of a task of which this is the first event that is seen, whether it is the start or
  /// not.
  public static TaskState of(CustomTaskEvent first) {
    return new TaskState(
            TaskKey.of(first),
            first.customTaskType(),
            Status.RUNNING,
            TaskValue.NOTHING_KNOWN,
            null,
            null)
        .after(first);
  }

  /// The state of an activity of which this is the first event that is seen, whether it is the
  /// start or not.
  public static TaskState of(ActivityTaskEvent first) {
    return new TaskState(
            TaskKey.of(first),
            first.activityName(),
            Status.RUNNING,
            TaskValue.NOTHING_KNOWN,
            null,
            null)
        .after(first);
  }

  /// The state after the next event of the task.
  ///
  /// @throws IllegalArgumentException where the event is not of this task
  public TaskState apply(Event event) {
    if (event instanceof CustomTaskEvent custom && TaskKey.of(custom).equals(key)) {
      return after(custom);
    } else if (event instanceof ActivityTaskEvent activity && TaskKey.of(activity).equals(key)) {
      return after(activity);
    }
    throw new IllegalArgumentException(
        "Event " + event.eventId() + ", " + event.eventType() + ", is not of task " + taskId());
  }

  private TaskState after(CustomTaskEvent event) {
    if (event instanceof CustomTaskStarted started) {
      return with(Status.RUNNING, TaskValue.start(started.payload()), null, null);
    } else if (event instanceof CustomTaskInProgress progress) {
      return with(Status.RUNNING, value.after(progress.payload()), failure, reason);
    } else if (event instanceof CustomTaskCompleted completed) {
      return with(Status.COMPLETED, value.after(completed.payload()), failure, reason);
    } else if (event instanceof CustomTaskFailed failed) {
      return with(Status.FAILED, value, failed.failure(), reason);
    } else if (event instanceof CustomTaskTimedOut timedOut) {
      return with(Status.TIMED_OUT, value, failure, timedOut.timeoutType());
    } else if (event instanceof CustomTaskCanceled canceled) {
      return with(Status.CANCELED, value, failure, canceled.reason());
    }
    return this;
  }

  private TaskState after(ActivityTaskEvent event) {
    if (event instanceof ActivityTaskStarted) {
      return with(Status.RUNNING, TaskValue.NOTHING_KNOWN, null, null);
    } else if (event instanceof ActivityTaskCompleted completed) {
      return with(Status.COMPLETED, value.after(completed.result()), failure, reason);
    } else if (event instanceof ActivityTaskRetrying retrying) {
      return with(Status.RETRYING, value, retrying.failure(), reason);
    } else if (event instanceof ActivityTaskFailed failed) {
      return with(Status.FAILED, value, failed.failure(), reason);
    }
    return this;
  }

  private TaskState with(
      Status newStatus,
      TaskValue newValue,
      @Nullable Failure newFailure,
      @Nullable String newReason) {
    return new TaskState(key, name, newStatus, newValue, newFailure, newReason);
  }

  TaskKey key() {
    return key;
  }

  public String workflowExecId() {
    return key.workflowExecId();
  }

  /// The task's `custom_task_id`, or the activity's `task_id`.
  public String taskId() {
    return key.taskId();
  }

  /// The task's `custom_task_type`, or the activity's name.
  public String name() {
    return name;
  }

  /// Whether it is an activity, and not a custom task.
  public boolean isActivity() {
    return key.isActivity();
  }

  public Status status() {
    return status;
  }

  /// What the task holds: exactly as it came, or rendered, where patches made it. The result, once
  /// it has completed. Empty where nothing is known of it.
  public Optional<Json> value() {
    return value.json();
  }

  /// Why [#value()] is not the latest value; empty where it is.
  public Optional<String> staleReason() {
    return Optional.ofNullable(value.staleReason());
  }

  /// Why the last attempt failed; empty where none has.
  public Optional<Failure> failure() {
    return Optional.ofNullable(failure);
  }

  /// Why it was canceled, or which time ran out; empty where nobody said.
  public Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  /// For people: what it is, how far, and its value.
  @Override
  public String toString() {
    return name + " " + taskId() + " " + status + value().map(json -> " " + json).orElse("");
  }
}
