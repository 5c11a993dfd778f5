package io.galerne.cli.demo;

import static io.galerne.protocol.EventType.WORKFLOW_EXECUTION_CANCELED;
import static io.galerne.protocol.EventType.WORKFLOW_EXECUTION_COMPLETED;
import static io.galerne.protocol.EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW;
import static io.galerne.protocol.EventType.WORKFLOW_EXECUTION_FAILED;
import static io.galerne.protocol.EventType.WORKFLOW_EXECUTION_STARTED;
import static io.galerne.protocol.EventType.WORKFLOW_TASK_FAILED;
import static io.galerne.protocol.EventType.WORKFLOW_TASK_TIMED_OUT;

import io.galerne.protocol.EventType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One execution of a workflow, as its worker reports it: every call publishes an event and returns
/// when the server has stored it. Used by one thread.
final class Execution {
  private final Stage stage;
  private final String workflowName;
  private final String execId;
  private final Optional<Execution> parent;
  private final String firstRunId = UUID.randomUUID().toString();

  private String runId = firstRunId;
  private @Nullable String continuedRunId;
  private int lastTaskId;

  private Execution(Stage stage, String workflowName, Optional<Execution> parent) {
    this.stage = stage;
    this.workflowName = workflowName;
    this.execId = workflowName + "-" + UUID.randomUUID().toString().substring(0, 6);
    this.parent = parent;
  }

  /// Returns a new root execution.
  static Execution root(Stage stage, String workflowName) {
    return new Execution(stage, workflowName, Optional.empty());
  }

  /// Returns a new child execution of this one.
  Execution child(String childWorkflowName) {
    return new Execution(stage, childWorkflowName, Optional.of(this));
  }

  void start(JsonNode input) {
    workflowEvent(
        WORKFLOW_EXECUTION_STARTED, "workflow_name", workflowName, "input", payload(input));
  }

  void complete(JsonNode result) {
    workflowEvent(WORKFLOW_EXECUTION_COMPLETED, "result", payload(result));
  }

  void fail(String message) {
    workflowEvent(WORKFLOW_EXECUTION_FAILED, "failure", failure(message));
  }

  void cancel(String reason) {
    workflowEvent(WORKFLOW_EXECUTION_CANCELED, "reason", reason);
  }

  /// Ends the run and starts the next one of the same execution.
  void continueAsNew(JsonNode input) {
    String nextRunId = UUID.randomUUID().toString();
    workflowEvent(
        WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
        "new_execution_run_id",
        nextRunId,
        "workflow_name",
        workflowName,
        "input",
        payload(input));
    continuedRunId = runId;
    runId = nextRunId;
    lastTaskId = 0;
    start(input);
  }

  /// Publishes that a workflow task timed out and goes to another worker.
  void workflowTaskTimedOut(String timeoutType) {
    workflowEvent(WORKFLOW_TASK_TIMED_OUT, "timeout_type", timeoutType);
  }

  void workflowTaskFailed(String message) {
    workflowEvent(WORKFLOW_TASK_FAILED, "failure", failure(message));
  }

  Activity startActivity(String name, JsonNode input) {
    return Activity.start(this, nextTaskId(), name, input);
  }

  CustomTask startTask(String type, JsonNode state) {
    return CustomTask.start(this, type + "-" + nextTaskId(), type, state);
  }

  void pause(long millis) {
    stage.pause(Duration.ofMillis(millis));
  }

  private void workflowEvent(EventType type, Object... attributes) {
    ObjectNode all = Json.object("task_id", nextTaskId());
    all.setAll(Json.object(attributes));
    publish(type, all);
  }

  void publish(EventType type, ObjectNode attributes) {
    stage.publish(List.of(event(type, attributes)));
  }

  /// Publishes several events of one type in one request.
  void publishAll(EventType type, List<ObjectNode> attributes) {
    stage.publish(attributes.stream().map(each -> event(type, each)).toList());
  }

  private ObjectNode event(EventType type, ObjectNode attributes) {
    Instant now = Instant.now();
    ObjectNode event =
        Json.object(
            "event_id",
            UUID.randomUUID().toString(),
            "event_timestamp",
            now.getEpochSecond() * 1_000_000_000L + now.getNano(),
            "root_workflow_exec_id",
            root().execId);
    event.put("parent_workflow_exec_id", parent.map(above -> above.execId).orElse(null));
    event.put("workflow_exec_id", execId);
    event.put("workflow_run_id", runId);
    event.put("continued_run_id", continuedRunId);
    event.put("first_execution_run_id", firstRunId);
    event.put("workflow_name", workflowName);
    event.put("event_type", type.wireName());
    event.set("attributes", attributes);
    return event;
  }

  private Execution root() {
    return parent.map(Execution::root).orElse(this);
  }

  private String nextTaskId() {
    lastTaskId++;
    return Integer.toString(lastTaskId);
  }

  static ObjectNode payload(JsonNode value) {
    return Json.object("type", "json", "value", value);
  }

  static ObjectNode failure(String message) {
    return Json.object("message", message);
  }
}
