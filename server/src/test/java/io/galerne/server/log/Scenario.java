package io.galerne.server.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/// The 50 events of `scenario.ndjson`: four executions, one of them a child, and all 17 types.
public final class Scenario {
  private static final List<String> BODIES = load();

  private Scenario() {}

  /// The publish bodies, in order: `{"event":…}` each.
  public static List<String> bodies() {
    return BODIES;
  }

  /// The records of the events, in order.
  public static List<EventRecord> records(String namespace) {
    return BODIES.stream().map(body -> SampleEvent.record(body, namespace)).toList();
  }

  private static List<String> load() {
    try (InputStream in = Scenario.class.getResourceAsStream("/scenario.ndjson")) {
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
