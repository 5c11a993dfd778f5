package io.galerne.protocol;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Tracks the states of all tasks of a stream. Bounded: beyond the limit, it forgets the task that
/// ended first or, if none has ended, the one that started first. Not thread-safe.
///
/// ```java
/// TaskStates states = new TaskStates();
/// for (Event event : events) { // of a stream or a list
///   states
///       .apply(event)
///       .filter(state -> state.status().isFinal())
///       .ifPresent(state -> System.out.println(state.name() + ": " + state.value().orElse(Json.NULL)));
/// }
/// ```
public final class TaskStates {
  /// The default limit: more tasks than anybody looks at.
  public static final int DEFAULT_MAX_TASKS = 10_000;

  private final int maxTasks;
  private final Map<TaskKey, TaskState> running = new LinkedHashMap<>();
  private final Map<TaskKey, TaskState> ended = new LinkedHashMap<>();

  /// Tracks at most [#DEFAULT_MAX_TASKS] tasks.
  public TaskStates() {
    this(DEFAULT_MAX_TASKS);
  }

  /// Tracks at most this many tasks.
  ///
  /// @throws IllegalArgumentException if that is less than 1
  public TaskStates(int maxTasks) {
    if (maxTasks < 1) {
      throw new IllegalArgumentException("maxTasks must be at least 1, not " + maxTasks);
    }
    this.maxTasks = maxTasks;
  }

  /// Applies an event to its task.
  ///
  /// @return the new state of its task; empty if the event belongs to no task
  public Optional<TaskState> apply(Event event) {
    TaskState state;
    if (event instanceof CustomTaskEvent custom) {
      TaskState before = state(TaskKey.of(custom));
      state = before == null ? TaskState.of(custom) : before.apply(custom);
    } else if (event instanceof ActivityTaskEvent activity) {
      TaskState before = state(TaskKey.of(activity));
      state = before == null ? TaskState.of(activity) : before.apply(activity);
    } else {
      return Optional.empty();
    }
    keep(state);
    return Optional.of(state);
  }

  /// The state of a custom task; empty if it is unknown or forgotten.
  public Optional<TaskState> customTask(String workflowExecId, String customTaskId) {
    return Optional.ofNullable(state(new TaskKey(workflowExecId, false, customTaskId)));
  }

  /// The state of an activity; empty if it is unknown or forgotten.
  public Optional<TaskState> activity(String workflowExecId, String taskId) {
    return Optional.ofNullable(state(new TaskKey(workflowExecId, true, taskId)));
  }

  /// All states: first the running tasks in the order of their starts, then the ended ones in the
  /// order of their ends.
  public List<TaskState> all() {
    return Stream.concat(running.values().stream(), ended.values().stream()).toList();
  }

  /// Forgets a task.
  public void forget(TaskState state) {
    running.remove(state.key());
    ended.remove(state.key());
  }

  private @Nullable TaskState state(TaskKey key) {
    TaskState state = running.get(key);
    return state == null ? ended.get(key) : state;
  }

  private void keep(TaskState state) {
    (state.status().isFinal() ? running : ended).remove(state.key());
    (state.status().isFinal() ? ended : running).put(state.key(), state);
    if (running.size() + ended.size() > maxTasks) {
      Map<TaskKey, TaskState> crowded = ended.isEmpty() ? running : ended;
      crowded.remove(crowded.keySet().iterator().next());
    }
  }
}
