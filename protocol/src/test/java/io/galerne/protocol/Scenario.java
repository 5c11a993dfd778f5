package io.galerne.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/// The 50 events of `scenario.ndjson`: four executions, one of them a child, and all 17 types.
final class Scenario {
  private static final List<String> EVENTS = load();

  private Scenario() {}

  /// The text of each event, in order.
  static List<String> events() {
    return EVENTS;
  }

  /// The event as a stream event.
  static String streamEvent(String event, long sequence) {
    return "{\"stream\":\"s\",\"timestamp\":\"2026-03-30T10:00:00.037000000Z\",\"data\":"
        + event
        + ",\"workflow_context\":{\"namespace\":\"default\",\"workflow_name\":\"w\","
        + "\"workflow_exec_id\":\"e\",\"parent_workflow_exec_id\":null,"
        + "\"root_workflow_exec_id\":\"e\"},\"metadata\":{},\"broker_sequence\":"
        + sequence
        + "}";
  }

  private static List<String> load() {
    try (InputStream in = Scenario.class.getResourceAsStream("/scenario.ndjson")) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .map(line -> line.substring("{\"event\":".length(), line.length() - 1))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
