package io.galerne.protocol;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The current state of a custom task or an activity, folded from its events. Immutable; each event
/// makes a new state.
///
/// A payload that cannot be applied makes the state stale, with the reason, and keeps the old
/// value: an encoded one, or a patch that does not match, such as after missed events. The next
/// whole value ends that. So no event makes a reader lose its task.
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
/// [TaskStates] tracks all tasks of a stream.
public final class TaskState {
  /// The maximum size of all patches since the last whole value, in characters of JSON, so that an
  /// endless task cannot fill the memory. Beyond it the state is stale.
  public static final int MAX_PATCHED_CHARS = 64 * 1024 * 1024;

  /// The status of a task.
  public enum Status {
    RUNNING,
    /// An attempt of an activity failed, and another one will follow.
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

  /// The state of a custom task after its first seen event, which need not be the start.
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

  /// The state of an activity after its first seen event, which need not be the start.
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

  /// Returns the state after the next event of the task.
  ///
  /// @throws IllegalArgumentException if the event belongs to another task
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

  /// The execution that the task belongs to.
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

  /// Whether this is an activity, not a custom task.
  public boolean isActivity() {
    return key.isActivity();
  }

  /// The task's status after the last event.
  public Status status() {
    return status;
  }

  /// The task's value: verbatim, or rendered if it was patched. The result, once the task has
  /// completed. Empty if it is unknown.
  public Optional<Json> value() {
    return value.json();
  }

  /// Why [#value()] is not the latest value; empty if it is.
  public Optional<String> staleReason() {
    return Optional.ofNullable(value.staleReason());
  }

  /// Why the last attempt failed; empty if none has.
  public Optional<Failure> failure() {
    return Optional.ofNullable(failure);
  }

  /// Why the task was canceled, or which timeout expired; empty if unknown.
  public Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  /// The task, its status and its value, for display.
  @Override
  public String toString() {
    return name + " " + taskId() + " " + status + value().map(json -> " " + json).orElse("");
  }
}
