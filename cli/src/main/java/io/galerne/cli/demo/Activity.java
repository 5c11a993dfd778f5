package io.galerne.cli.demo;

import static io.galerne.protocol.EventType.ACTIVITY_TASK_COMPLETED;
import static io.galerne.protocol.EventType.ACTIVITY_TASK_FAILED;
import static io.galerne.protocol.EventType.ACTIVITY_TASK_RETRYING;
import static io.galerne.protocol.EventType.ACTIVITY_TASK_STARTED;

import io.galerne.protocol.EventType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One activity of an execution, over all its attempts.
final class Activity {
  private final Execution execution;
  private final String taskId;
  private final String name;
  private int attempt = 1;

  private Activity(Execution execution, String taskId, String name) {
    this.execution = execution;
    this.taskId = taskId;
    this.name = name;
  }

  static Activity start(Execution execution, String taskId, String name, JsonNode input) {
    Activity activity = new Activity(execution, taskId, name);
    activity.publish(ACTIVITY_TASK_STARTED, "input", Execution.payload(input));
    return activity;
  }

  /// Publishes that this attempt failed and another one follows.
  void retry(String message) {
    publish(ACTIVITY_TASK_RETRYING, "attempt", attempt, "failure", Execution.failure(message));
    attempt++;
  }

  /// Publishes that the last attempt failed too.
  void fail(String message) {
    publish(ACTIVITY_TASK_FAILED, "attempt", attempt, "failure", Execution.failure(message));
  }

  void complete(JsonNode result) {
    publish(ACTIVITY_TASK_COMPLETED, "result", Execution.payload(result));
  }

  private void publish(EventType type, Object... attributes) {
    ObjectNode all = Json.object("task_id", taskId, "activity_name", name);
    all.setAll(Json.object(attributes));
    execution.publish(type, all);
  }
}
