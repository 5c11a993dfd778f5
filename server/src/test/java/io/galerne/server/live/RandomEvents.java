package io.galerne.server.live;

import io.galerne.protocol.EventType;
import io.galerne.server.SampleEvents;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Generates events whose values are hard to compare, and bodies that spell the same value in
/// several ways. For one thread.
final class RandomEvents {
  /// Values for ids and names.
  static final List<String> TEXTS =
      List.of(
          "a",
          "A",
          "a ",
          "a b",
          "a,b",
          "a+b",
          "a/b?c=d&e#f",
          "100%",
          "%41",
          "\"a\" \\ 'b'",
          "line\nbreak\ttab",
          "\u0000\u001f",
          "é",
          "e\u0301",
          "日本語",
          "🌬️",
          "null",
          "true",
          "1",
          "1.0",
          "[a]",
          "{}",
          "x".repeat(300));

  static final List<String> KEYS = List.of("tenant", "TENANT", "région", "a.b c", "k[0]", "n");

  /// Values for metadata, as JSON.
  static final List<String> VALUES =
      List.of(
          "\"acme\"",
          "\"Acme\"",
          "\"1\"",
          "\"1.0\"",
          "1",
          "1.0",
          "1e0",
          "10e-1",
          "-0",
          "0",
          "0.1",
          "9007199254740993",
          "9007199254740992",
          "1234567890123456789012345678901234567890",
          "true",
          "\"true\"",
          "false",
          "null",
          "\"null\"",
          "[1,2]",
          "[1.0,2]",
          "{\"a\":{\"b\":1}}",
          "{\"a\":{\"b\":\"1\"}}",
          "\"ünï\\ncode\"");

  private static final JsonMapper PLAIN = JsonMapper.builder().build();
  private static final List<JsonMapper> WRITERS =
      List.of(
          PLAIN,
          PLAIN.rebuild().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build(),
          PLAIN.rebuild().enable(SerializationFeature.INDENT_OUTPUT).build());

  private final Random random;
  private final String prefix;
  private int made;

  /// One event, the values published beside it, and their body.
  ///
  /// @param batchable whether the body is one of a single publish, so that its parts may also be an
  ///     item of a batch
  record Sample(
      JsonNode data,
      Optional<String> stream,
      ObjectNode metadata,
      Optional<String> activityName,
      Optional<String> activityId,
      boolean batchable,
      String body) {
    EventType type() {
      return EventType.valueOf(data.path("event_type").stringValue());
    }
  }

  RandomEvents(String prefix, Random random) {
    this.prefix = prefix;
    this.random = random;
  }

  <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  Sample next() {
    EventType type = any(List.of(EventType.values()));
    ObjectNode data = PLAIN.createObjectNode();
    data.put("event_id", prefix + "-" + made++);
    data.put("event_timestamp", random.nextLong());
    data.put("root_workflow_exec_id", any(TEXTS));
    if (random.nextBoolean()) {
      data.put("parent_workflow_exec_id", any(TEXTS));
    }
    data.put("workflow_exec_id", any(TEXTS));
    data.put("workflow_run_id", any(TEXTS));
    data.put("workflow_name", any(TEXTS));
    data.put("event_type", type.wireName());
    ObjectNode attributes = (ObjectNode) PLAIN.readTree("{" + SampleEvents.attributes(type) + "}");
    for (String name : List.of("activity_name", "custom_task_type", "task_id")) {
      if (attributes.has(name)) {
        attributes.put(name, any(TEXTS));
      }
    }
    data.set("attributes", attributes);
    return random.nextInt(8) == 0 ? streamEvent(data, type) : single(data);
  }

  private Sample single(ObjectNode data) {
    ObjectNode body = PLAIN.createObjectNode();
    Optional<String> stream = stream(body);
    ObjectNode metadata = metadata();
    if (random.nextBoolean()) {
      body.set("event", data);
      body.set("metadata", metadata);
    } else {
      body.set("metadata", metadata);
      body.set("event", data);
    }
    return new Sample(
        data, stream, metadata, Optional.empty(), Optional.empty(), true, write(body));
  }

  private Sample streamEvent(ObjectNode data, EventType type) {
    ObjectNode event = PLAIN.createObjectNode();
    Optional<String> stream = stream(event);
    event.put("timestamp_unix_nano", 5);
    event.set("data", data);
    event.set("workflow_context", PLAIN.createObjectNode());
    Optional<String> name = Optional.empty();
    Optional<String> id = Optional.empty();
    if (type.wireName().startsWith("CUSTOM")) {
      ObjectNode context = event.putObject("activity_context");
      name = Optional.of(any(TEXTS));
      context.put("activity_name", name.get());
      if (random.nextBoolean()) {
        id = Optional.of(any(TEXTS));
        context.put("activity_exec_id", id.get());
      }
    }
    ObjectNode metadata = metadata();
    event.set("metadata", metadata);
    ObjectNode body = PLAIN.createObjectNode();
    body.set("event", event);
    return new Sample(data, stream, metadata, name, id, false, write(body));
  }

  private Optional<String> stream(ObjectNode body) {
    return switch (random.nextInt(4)) {
      case 0 -> {
        String stream = any(TEXTS);
        body.put("stream", stream);
        yield Optional.of(stream);
      }
      case 1 -> {
        body.put("stream", ""); // same as none
        yield Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  private ObjectNode metadata() {
    StringBuilder json = new StringBuilder("{");
    for (String key : KEYS) {
      if (random.nextInt(2) == 0) {
        json.append(json.length() > 1 ? "," : "")
            .append(PLAIN.writeValueAsString(key))
            .append(':')
            .append(any(VALUES));
      }
    }
    return (ObjectNode) FilterOracle.JSON.readTree(json.append('}').toString());
  }

  private String write(JsonNode body) {
    return any(WRITERS).writeValueAsString(body);
  }
}
