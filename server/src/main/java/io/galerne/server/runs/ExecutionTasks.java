package io.galerne.server.runs;

import static io.galerne.server.ingest.JsonText.quote;

import io.galerne.protocol.CustomTaskEvent;
import io.galerne.protocol.EventType;
import io.galerne.protocol.Failure;
import io.galerne.protocol.JsonPayload;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventVisitor.Verdict;
import io.galerne.server.log.Field;
import io.galerne.server.log.runs.Run;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The custom tasks of an execution across all of its runs, as of a sequence (contract, section 8).
/// Not safe for use by several threads.
public final class ExecutionTasks {
  /// Maximum number of tasks, the same as in [io.galerne.protocol.TaskStates].
  private static final int MOST_TASKS = 10_000;

  /// Maximum number of characters of values in an answer. Beyond it, the values of the least
  /// recently changed tasks are left out.
  private static final long MOST_CHARACTERS = 16L << 20;

  private static final Set<EventType> CUSTOM_TASKS =
      Stream.of(EventType.values())
          .filter(type -> type.name().startsWith("CUSTOM_TASK_"))
          .collect(Collectors.toUnmodifiableSet());

  private final Map<String, TaskFold> tasks = new LinkedHashMap<>();
  private boolean cut;

  private ExecutionTasks() {}

  /// Reads the tasks from the events of an execution up to a sequence, inclusive.
  ///
  /// @param run any of its runs
  /// @param abandoned whether the caller no longer waits for the answer
  static ExecutionTasks read(EventLog log, Run run, long to, BooleanSupplier abandoned) {
    ExecutionTasks tasks = new ExecutionTasks();
    RunEvents.visit(
        log,
        filter(run).types(CUSTOM_TASKS).build(),
        0,
        to,
        abandoned,
        (sequence, event) -> {
          if (RunEvents.event(event) instanceof CustomTaskEvent task) {
            tasks.see(sequence, task);
          }
          return Verdict.TAKEN;
        });
    return tasks;
  }

  /// A filter for the events of the run's execution.
  static EventFilter.Builder filter(Run run) {
    return EventFilter.in(run.namespace()).where(Field.WORKFLOW_EXEC_ID, run.executionId());
  }

  private void see(long sequence, CustomTaskEvent event) {
    TaskFold task = tasks.get(event.customTaskId());
    if (task != null) {
      task.see(sequence, event);
    } else if (tasks.size() < MOST_TASKS) {
      tasks.put(event.customTaskId(), new TaskFold(sequence, event));
    } else {
      cut = true;
    }
  }

  /// The tasks, by their first event.
  Collection<TaskFold> tasks() {
    return tasks.values();
  }

  /// Whether tasks beyond the limit were left out.
  boolean isCut() {
    return cut;
  }

  /// The state of an execution as JSON.
  ///
  /// @param to the last sequence to include
  public static String json(EventLog log, Run run, long to, BooleanSupplier abandoned) {
    ExecutionTasks read = read(log, run, to, abandoned);
    List<TaskFold> newestFirst =
        read.tasks().stream()
            .sorted((one, other) -> Long.compare(other.lastSequence(), one.lastSequence()))
            .toList();
    long left = MOST_CHARACTERS;
    Map<TaskFold, String> rendered = new LinkedHashMap<>();
    for (TaskFold task : newestFirst) {
      left -= task.characters();
      rendered.put(task, task(task, left >= 0));
    }
    return "{\"execution_id\":"
        + quote(run.executionId())
        + ",\"broker_sequence\":"
        + to
        + ",\"tasks\":"
        + read.tasks().stream().map(rendered::get).collect(Collectors.joining(",", "[", "]"))
        + (read.isCut() ? ",\"truncated\":true" : "")
        + "}";
  }

  /// @param withValue whether there is room for its value
  private static String task(TaskFold task, boolean withValue) {
    JsonPayload encoded = task.encoded();
    String value =
        encoded == null
            ? task.value().map(json -> json.text()).orElse("null")
            : encoded.value().text();
    String stale =
        withValue
            ? RunJson.quoteOrNull(task.state().staleReason().orElse(null))
            : quote("left out: the values of this execution are larger than 16 MiB together");
    return "{\"custom_task_id\":"
        + quote(task.state().taskId())
        + ",\"custom_task_type\":"
        + quote(task.state().name())
        + ",\"run_id\":"
        + quote(task.runId())
        + ",\"status\":\""
        + task.state().status()
        + "\",\"value\":"
        + (withValue ? value : "null")
        + ",\"encoding_options\":"
        + (withValue && encoded != null ? RunJson.strings(encoded.encodingOptions()) : "null")
        + ",\"patches\":"
        + (withValue ? patches(task, encoded != null) : "[]")
        + ",\"stale_reason\":"
        + stale
        + ",\"failure\":"
        + RunJson.quoteOrNull(task.state().failure().map(Failure::message).orElse(null))
        + ",\"reason\":"
        + RunJson.quoteOrNull(task.state().reason().orElse(null))
        + ",\"broker_sequence\":"
        + task.lastSequence()
        + "}";
  }

  /// The payloads after the value that could not be applied here.
  private static String patches(TaskFold task, boolean isFirstTheValue) {
    return task.unfollowed().stream()
        .skip(isFirstTheValue ? 1 : 0)
        .map(stored -> stored.payload().json().text())
        .collect(Collectors.joining(",", "[", "]"));
  }
}
