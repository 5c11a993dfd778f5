package io.galerne.cli.runs;

import io.galerne.client.Mistral;
import io.galerne.client.error.NotFoundException;
import io.galerne.client.runs.StateRequest;
import io.galerne.client.runs.TaskSnapshot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The values of the custom tasks of a tree of executions.
final class Tasks {
  /// By execution, then by task.
  private final Map<String, Map<String, TaskSnapshot>> held = new LinkedHashMap<>();

  private Tasks() {}

  /// Requests the tasks of each execution that has some. If the server has no such operation, they
  /// are left out.
  ///
  /// @param atSeq the sequence of the state; empty for the current state
  static Tasks of(Mistral mistral, SpanTree root, Optional<Long> atSeq) {
    Tasks tasks = new Tasks();
    root.all()
        .filter(span -> span.kind() == SpanTree.Kind.TASK)
        .map(SpanTree::executionId)
        .distinct()
        .forEach(id -> tasks.ask(mistral, id, atSeq));
    return tasks;
  }

  private void ask(Mistral mistral, String executionId, Optional<Long> atSeq) {
    StateRequest.Builder request = StateRequest.builder(executionId);
    atSeq.ifPresent(request::atSeq);
    try {
      Map<String, TaskSnapshot> tasks = new LinkedHashMap<>();
      for (TaskSnapshot task : mistral.workflows().executions().state(request.build()).tasks()) {
        tasks.put(task.customTaskId(), task);
      }
      held.put(executionId, tasks);
    } catch (NotFoundException e) {
      // no task is known
    }
  }

  /// Returns the value of a span's task; empty if it is not a custom task or not known.
  Optional<TaskSnapshot> of(SpanTree span) {
    return span.taskId().map(id -> held.getOrDefault(span.executionId(), Map.of()).get(id));
  }
}
