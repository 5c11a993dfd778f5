package io.galerne.server.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.protocol.EventType;
import io.galerne.server.ingest.JsonText;
import io.galerne.server.ingest.Limits;
import io.galerne.server.ingest.PublishBody;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// Builds an event for a test: valid and minimal by the contract, until members are set or removed.
/// Values are the literal JSON of the body, so that a test controls every byte.
///
/// Not safe for use by several threads.
public final class SampleEvent {
  /// The default namespace of a record.
  public static final String NAMESPACE = "default";

  /// The timestamp of an event that has none.
  public static final Instant NOW = Instant.parse("2026-03-30T10:00:00.000000042Z");

  /// Limits far above any test event.
  public static final Limits WIDE = new Limits(64 << 20, 256 << 20, 1_000_000);

  private static final PublishBody READER = new PublishBody(WIDE, Clock.fixed(NOW, ZoneOffset.UTC));

  private static final AtomicLong COUNT = new AtomicLong();

  private final Map<String, String> members = new LinkedHashMap<>();
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final Map<String, String> beside = new LinkedHashMap<>();

  private SampleEvent(EventType type) {
    text("event_id", "event-" + COUNT.incrementAndGet());
    text("root_workflow_exec_id", "root");
    text("workflow_exec_id", "exec");
    text("workflow_run_id", "run");
    text("workflow_name", "review");
    text("event_type", type.wireName());
    attributes.putAll(requiredAttributes(type));
  }

  /// An event of this type, with a new `event_id`.
  public static SampleEvent of(EventType type) {
    return new SampleEvent(type);
  }

  /// Any event, with a new `event_id`.
  public static SampleEvent any() {
    return of(EventType.WORKFLOW_EXECUTION_CANCELED);
  }

  private static Map<String, String> requiredAttributes(EventType type) {
    Map<String, String> required = new LinkedHashMap<>();
    switch (type) {
      case CUSTOM_TASK_STARTED,
          CUSTOM_TASK_IN_PROGRESS,
          CUSTOM_TASK_COMPLETED,
          CUSTOM_TASK_FAILED,
          CUSTOM_TASK_TIMED_OUT,
          CUSTOM_TASK_CANCELED -> {
        required.put("custom_task_id", "\"tok-1\"");
        required.put("custom_task_type", "\"token\"");
      }
      case ACTIVITY_TASK_STARTED,
          ACTIVITY_TASK_COMPLETED,
          ACTIVITY_TASK_RETRYING,
          ACTIVITY_TASK_FAILED -> {
        required.put("task_id", "\"5\"");
        required.put("activity_name", "\"load\"");
      }
      default -> required.put("task_id", "\"1\"");
    }
    switch (type) {
      case WORKFLOW_EXECUTION_STARTED -> {
        required.put("workflow_name", "\"review\"");
        required.put("input", "{\"value\":1}");
      }
      case WORKFLOW_EXECUTION_CONTINUED_AS_NEW -> {
        required.put("new_execution_run_id", "\"run-2\"");
        required.put("workflow_name", "\"review\"");
        required.put("input", "{\"value\":1}");
      }
      case ACTIVITY_TASK_STARTED -> required.put("input", "{\"value\":1}");
      case WORKFLOW_EXECUTION_COMPLETED, ACTIVITY_TASK_COMPLETED ->
          required.put("result", "{\"value\":1}");
      case CUSTOM_TASK_IN_PROGRESS, CUSTOM_TASK_COMPLETED ->
          required.put("payload", "{\"value\":1}");
      case ACTIVITY_TASK_RETRYING, ACTIVITY_TASK_FAILED -> {
        required.put("attempt", "3");
        required.put("failure", "{\"message\":\"no route\"}");
      }
      case WORKFLOW_EXECUTION_FAILED, WORKFLOW_TASK_FAILED, CUSTOM_TASK_FAILED ->
          required.put("failure", "{\"message\":\"no route\"}");
      default -> {
        // nothing more
      }
    }
    return required;
  }

  public SampleEvent id(String id) {
    return text("event_id", id);
  }

  public SampleEvent exec(String id) {
    return text("workflow_exec_id", id);
  }

  public SampleEvent root(String id) {
    return text("root_workflow_exec_id", id);
  }

  public SampleEvent parent(String id) {
    return text("parent_workflow_exec_id", id);
  }

  public SampleEvent run(String id) {
    return text("workflow_run_id", id);
  }

  public SampleEvent workflow(String name) {
    return text("workflow_name", name);
  }

  /// Sets a member of the event to a string.
  public SampleEvent text(String name, String value) {
    return with(name, JsonText.quote(value));
  }

  /// Sets a member of the event; a new one comes last.
  public SampleEvent with(String name, String json) {
    members.put(name, json);
    return this;
  }

  public SampleEvent without(String name) {
    members.remove(name);
    return this;
  }

  /// Sets a member of the attributes; a new one comes last.
  public SampleEvent attribute(String name, String json) {
    attributes.put(name, json);
    return this;
  }

  public SampleEvent withoutAttribute(String name) {
    attributes.remove(name);
    return this;
  }

  /// Sets the stream in the envelope.
  public SampleEvent stream(String name) {
    beside.put("stream", JsonText.quote(name));
    return this;
  }

  /// Sets the metadata in the envelope.
  public SampleEvent metadata(String json) {
    beside.put("metadata", json);
    return this;
  }

  /// The event without its envelope. Attributes come last, unless [#with] has set them.
  public String event() {
    Map<String, String> all = new LinkedHashMap<>(members);
    all.putIfAbsent("attributes", object(attributes));
    return object(all);
  }

  /// The publish body: the event in its envelope.
  public String body() {
    Map<String, String> envelope = new LinkedHashMap<>();
    envelope.put("event", event());
    envelope.putAll(beside);
    return object(envelope);
  }

  /// The event as a record for a log.
  public EventRecord record() {
    return record(NAMESPACE);
  }

  public EventRecord record(String namespace) {
    return record(body(), namespace);
  }

  /// The record of a publish body, `{"event":…}`, in a namespace.
  public static EventRecord record(String body, String namespace) {
    return READER.single(body.getBytes(UTF_8), namespace);
  }

  private static String object(Map<String, String> members) {
    return members.entrySet().stream()
        .map(member -> JsonText.quote(member.getKey()) + ":" + member.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }

  @Override
  public String toString() {
    return body();
  }
}
