package io.galerne.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.protocol.EventType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/// Events as workers publish them, as JSON text.
public final class SampleEvents {
  private static final String FAILURE = "\"failure\":{\"message\":\"It broke\"}";
  private static final String JSON = "{\"type\":\"json\",\"value\":{\"n\":1}}";

  private SampleEvents() {}

  /// The events of the shared scenario, each as the body of a single publish, in order.
  public static List<String> scenario() {
    try (InputStream lines =
        Objects.requireNonNull(SampleEvents.class.getResourceAsStream("/scenario.ndjson"))) {
      return new String(lines.readAllBytes(), UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An event of a root execution.
  public static String event(String id, String execution) {
    return event(id, execution, EventType.CUSTOM_TASK_IN_PROGRESS);
  }

  /// The smallest event of that type.
  public static String event(String id, String execution, EventType type) {
    return event(id, execution, type, attributes(type));
  }

  /// An event with a payload of this many bytes.
  public static String large(String id, String execution, int bytes) {
    return event(
        id,
        execution,
        EventType.CUSTOM_TASK_IN_PROGRESS,
        customTask("\"payload\":{\"type\":\"json\",\"value\":\"" + "x".repeat(bytes) + "\"}"));
  }

  private static String event(String id, String execution, EventType type, String attributes) {
    return "{\"event_id\":\"%s\",\"event_timestamp\":1774864800037000000,".formatted(id)
        + "\"root_workflow_exec_id\":\"%1$s\",\"workflow_exec_id\":\"%1$s\",".formatted(execution)
        + "\"workflow_run_id\":\"run-1\",\"workflow_name\":\"review\",\"event_type\":\"%s\","
            .formatted(type.wireName())
        + "\"attributes\":{"
        + attributes
        + "}}";
  }

  /// The attributes that an event of that type must have, without braces.
  public static String attributes(EventType type) {
    return switch (type) {
      case WORKFLOW_EXECUTION_STARTED ->
          "\"task_id\":\"1\",\"workflow_name\":\"review\",\"input\":" + JSON;
      case WORKFLOW_EXECUTION_COMPLETED -> "\"task_id\":\"1\",\"result\":" + JSON;
      case WORKFLOW_EXECUTION_FAILED, WORKFLOW_TASK_FAILED -> "\"task_id\":\"1\"," + FAILURE;
      case WORKFLOW_EXECUTION_CANCELED, WORKFLOW_TASK_TIMED_OUT -> "\"task_id\":\"1\"";
      case WORKFLOW_EXECUTION_CONTINUED_AS_NEW ->
          "\"task_id\":\"1\",\"new_execution_run_id\":\"run-2\",\"workflow_name\":\"review\","
              + "\"input\":"
              + JSON;
      case CUSTOM_TASK_STARTED, CUSTOM_TASK_IN_PROGRESS, CUSTOM_TASK_COMPLETED ->
          customTask("\"payload\":" + JSON);
      case CUSTOM_TASK_FAILED -> customTask(FAILURE);
      case CUSTOM_TASK_TIMED_OUT -> customTask("\"timeout_type\":null");
      case CUSTOM_TASK_CANCELED -> customTask("\"reason\":null");
      case ACTIVITY_TASK_STARTED -> activityTask("\"input\":" + JSON);
      case ACTIVITY_TASK_COMPLETED -> activityTask("\"result\":" + JSON);
      case ACTIVITY_TASK_RETRYING, ACTIVITY_TASK_FAILED -> activityTask("\"attempt\":1," + FAILURE);
    };
  }

  private static String customTask(String more) {
    return "\"custom_task_id\":\"c-1\",\"custom_task_type\":\"token\"," + more;
  }

  private static String activityTask(String more) {
    return "\"task_id\":\"5\",\"activity_name\":\"load\"," + more;
  }

  /// The body that publishes one event.
  public static String single(String event) {
    return "{\"event\":" + event + "}";
  }

  /// The body that publishes these events, in order.
  public static String batch(List<String> events) {
    return "{\"events\":[" + String.join(",", events) + "]}";
  }

  /// The body with which early workers publish one event.
  public static String streamEvent(String event) {
    return "{\"event\":{\"stream\":\"\",\"timestamp_unix_nano\":1,\"data\":"
        + event
        + ",\"workflow_context\":{},\"activity_context\":null,\"metadata\":{}}}";
  }
}
