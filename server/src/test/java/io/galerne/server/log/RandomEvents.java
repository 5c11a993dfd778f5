package io.galerne.server.log;

import io.galerne.protocol.EventType;
import io.galerne.server.ingest.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Random events with tricky values, reproducible by seed: few and similar values, so that a filter
/// that confuses them is caught, and strings with and without escapes.
///
/// Not safe for use by several threads.
public final class RandomEvents {
  /// Strings that are easily confused.
  public static final List<String> TEXTS =
      List.of(
          "a",
          "A",
          "a ",
          " a",
          "aa",
          "",
          "*",
          "null",
          "true",
          "false",
          "0",
          "1",
          "1.0",
          "-1",
          "1e0",
          "01",
          "+1",
          "é",
          "e\u0301",
          "\uD83C\uDF2C",
          "\uD83C\uDF2C\uFE0F",
          "\"",
          "\\",
          "\\u0061",
          "\t",
          "\u0000",
          "\u2028",
          "a.b",
          "a>b",
          "a/b #3",
          "a,b",
          "{}",
          "[]",
          "9007199254740993",
          "9007199254740992",
          "0.1",
          "1e400",
          "x".repeat(300));

  /// Metadata values that are easily confused.
  public static final List<String> VALUES = values();

  private static final List<String> MEMBERS = List.of("k", "K", "tenant", "", "a.b", "é", "[0]");

  private final Random random;
  private final String prefix;
  private int count;

  public RandomEvents(long seed) {
    this.random = new Random(seed);
    this.prefix = Long.toHexString(seed) + "-";
  }

  private static List<String> values() {
    List<String> values = new ArrayList<>();
    TEXTS.forEach(text -> values.add(JsonText.quote(text)));
    values.addAll(
        List.of(
            "null",
            "true",
            "false",
            "0",
            "-0",
            "0.0",
            "0e5",
            "1",
            "1.0",
            "1e0",
            "10e-1",
            "-1",
            "100",
            "1e2",
            "9007199254740993",
            "9007199254740992",
            "9007199254740993.0",
            "9223372036854775807",
            "9223372036854775808",
            "0.1",
            "0.10",
            "1e-7",
            "1e400",
            "1E400",
            "10e399",
            "-1e400",
            "1234567890123456789012345678901234567890",
            "{}",
            "[]",
            "{\"a\":1}",
            "{\"a\":1.0}",
            "[1,2]",
            "[2,1]",
            "[1.0,2]",
            "[null]",
            "{\"a\":{\"b\":[]}}"));
    return List.copyOf(values);
  }

  /// The next event, with a unique `event_id`.
  public SampleEvent next() {
    EventType type = oneOf(EventType.values());
    SampleEvent event =
        SampleEvent.of(type)
            .id(prefix + count++)
            .with("workflow_exec_id", spelled(oneOf(TEXTS)))
            .with("root_workflow_exec_id", spelled(oneOf(TEXTS)))
            .with("workflow_run_id", spelled(oneOf(TEXTS)))
            .with("workflow_name", spelled(oneOf(TEXTS)));
    if (random.nextBoolean()) {
      event.with("parent_workflow_exec_id", random.nextBoolean() ? "null" : spelled(oneOf(TEXTS)));
    }
    if (type.wireName().startsWith("ACTIVITY")) {
      event.attribute("activity_name", spelled(oneOf(TEXTS)));
      event.attribute("task_id", spelled(oneOf(TEXTS)));
    } else if (type.wireName().startsWith("CUSTOM")) {
      event.attribute("custom_task_type", spelled(oneOf(TEXTS)));
    }
    if (random.nextInt(4) == 0) {
      event.stream(oneOf(TEXTS));
    }
    if (random.nextInt(3) > 0) {
      event.metadata(metadata());
    }
    return event;
  }

  /// The next events in a namespace.
  public List<EventRecord> records(int howMany, String namespace) {
    List<EventRecord> records = new ArrayList<>(howMany);
    for (int i = 0; i < howMany; i++) {
      records.add(next().record(namespace));
    }
    return records;
  }

  /// The name of a metadata member that events use.
  public String member() {
    return oneOf(MEMBERS);
  }

  public <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  @SafeVarargs
  public final <T> T oneOf(T... values) {
    return values[random.nextInt(values.length)];
  }

  private String metadata() {
    List<String> left = new ArrayList<>(MEMBERS);
    StringBuilder members = new StringBuilder("{");
    for (int i = random.nextInt(4); i > 0; i--) {
      members.append(members.length() > 1 ? "," : "");
      members.append(spelled(left.remove(random.nextInt(left.size()))));
      members.append(':').append(oneOf(VALUES));
    }
    return members.append('}').toString();
  }

  /// The text as a JSON string, sometimes with unnecessary escapes.
  private String spelled(String text) {
    if (random.nextInt(3) > 0) {
      return JsonText.quote(text);
    }
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      boolean plain = c >= ' ' && c != '"' && c != '\\' && !Character.isSurrogate(c);
      json.append(plain && random.nextBoolean() ? c : String.format("\\u%04x", (int) c));
    }
    return json.append('"').toString();
  }
}
