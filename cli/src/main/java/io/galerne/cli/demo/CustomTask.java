package io.galerne.cli.demo;

import static io.galerne.protocol.EventType.CUSTOM_TASK_CANCELED;
import static io.galerne.protocol.EventType.CUSTOM_TASK_COMPLETED;
import static io.galerne.protocol.EventType.CUSTOM_TASK_FAILED;
import static io.galerne.protocol.EventType.CUSTOM_TASK_IN_PROGRESS;
import static io.galerne.protocol.EventType.CUSTOM_TASK_STARTED;
import static io.galerne.protocol.EventType.CUSTOM_TASK_TIMED_OUT;

import io.galerne.protocol.EventType;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A custom task of an execution, which reports its state while it runs, such as text as it is
/// written or progress.
final class CustomTask {
  private final Execution execution;
  private final String id;
  private final String type;

  private CustomTask(Execution execution, String id, String type) {
    this.execution = execution;
    this.id = id;
    this.type = type;
  }

  static CustomTask start(Execution execution, String id, String type, JsonNode state) {
    CustomTask task = new CustomTask(execution, id, type);
    task.publish(CUSTOM_TASK_STARTED, "payload", Execution.payload(state));
    return task;
  }

  /// Publishes the task's new state.
  void progress(JsonNode state) {
    publish(CUSTOM_TASK_IN_PROGRESS, "payload", Execution.payload(state));
  }

  /// Appends text to the state's member `text`: an event for each piece, all in one request.
  void append(List<String> pieces) {
    List<ObjectNode> updates =
        pieces.stream().map(piece -> attributes("payload", appending(piece))).toList();
    execution.publishAll(CUSTOM_TASK_IN_PROGRESS, updates);
  }

  void complete(JsonNode state) {
    publish(CUSTOM_TASK_COMPLETED, "payload", Execution.payload(state));
  }

  void fail(String message) {
    publish(CUSTOM_TASK_FAILED, "failure", Execution.failure(message));
  }

  void timeOut(String timeoutType) {
    publish(CUSTOM_TASK_TIMED_OUT, "timeout_type", timeoutType);
  }

  void cancel(String reason) {
    publish(CUSTOM_TASK_CANCELED, "reason", reason);
  }

  private void publish(EventType eventType, Object... attributes) {
    execution.publish(eventType, attributes(attributes));
  }

  private ObjectNode attributes(Object... attributes) {
    ObjectNode all = Json.object("custom_task_id", id, "custom_task_type", type);
    all.setAll(Json.object(attributes));
    return all;
  }

  private static ObjectNode appending(String text) {
    ObjectNode append = Json.object("op", "append", "path", "/text", "value", text);
    return Json.object("type", "json_patch", "value", List.of(append));
  }
}
