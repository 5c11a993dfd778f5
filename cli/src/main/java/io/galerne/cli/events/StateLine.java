package io.galerne.cli.events;

import io.galerne.protocol.Json;
import io.galerne.protocol.TaskState;

/// Renders a task's state as JSON, for programs.
final class StateLine {
  private StateLine() {}

  /// @param brokerSequence the sequence of the event that led to it
  static Json of(long brokerSequence, TaskState state) {
    StringBuilder line = new StringBuilder(256);
    line.append("{\"broker_sequence\":").append(brokerSequence);
    member(line, "workflow_exec_id", text(state.workflowExecId()));
    member(line, "kind", text(state.isActivity() ? "activity" : "custom_task"));
    member(line, "task_id", text(state.taskId()));
    member(line, "name", text(state.name()));
    member(line, "status", text(state.status().name()));
    member(line, "value", state.value().orElse(Json.NULL));
    state.failure().ifPresent(failure -> member(line, "failure", failure.json()));
    state.reason().ifPresent(reason -> member(line, "reason", text(reason)));
    state.staleReason().ifPresent(reason -> member(line, "stale_reason", text(reason)));
    return Json.of(line.append('}').toString());
  }

  private static Json text(String text) {
    return Json.ofValue(text);
  }

  private static void member(StringBuilder line, String name, Json value) {
    line.append(",\"").append(name).append("\":").append(value.text());
  }
}
