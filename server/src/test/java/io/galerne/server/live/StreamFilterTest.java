package io.galerne.server.live;

import static io.galerne.server.RunningServer.SINGLE;
import static io.galerne.server.RunningServer.STREAM;
import static io.galerne.server.RunningServer.STREAM_EVENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.galerne.protocol.EventType;
import io.galerne.protocol.SseMessage;
import io.galerne.server.QuietServer;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.Seed;
import io.galerne.server.StreamReader;
import io.galerne.server.StreamReader.End;
import io.galerne.server.live.RandomEvents.Sample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Every filter, alone and with others, selects what [FilterOracle] says: stored and live.
@Timeout(120)
@ExtendWith(QuietServer.class)
class StreamFilterTest {
  private static final List<String> FIELDS =
      List.of(
          "activity_name",
          "activity_id",
          "workflow_name",
          "workflow_exec_id",
          "root_workflow_exec_id",
          "parent_workflow_exec_id",
          "stream");

  @TempDir Path folder;

  private final Map<FilterOracle, StreamReader> readers = new LinkedHashMap<>();

  @Test
  void filtersOfTheScenarioFollowTheContract() {
    List<Sample> samples =
        SampleEvents.scenario().stream().map(StreamFilterTest::scenarioSample).toList();
    List<FilterOracle> filters = new ArrayList<>(types());
    for (String field : FIELDS) {
      samples.stream()
          .map(sample -> scenarioValue(sample, field))
          .filter(value -> !value.isEmpty())
          .distinct()
          .forEach(value -> filters.add(FilterOracle.of(field, value)));
    }
    try (RunningServer server = RunningServer.start(folder)) {
      List<Sample> all = new ArrayList<>();
      publish(server, samples.subList(0, 20), all);
      filters.forEach(filter -> open(server, filter));
      publish(server, samples.subList(20, samples.size()), all);
      check(server, all);
    }
  }

  @Test
  void filtersOfAwkwardValuesFollowTheContract() {
    Random random = Seed.random("filters");
    RandomEvents events = new RandomEvents("e", random);
    List<FilterOracle> filters = new ArrayList<>(types());
    for (String field : FIELDS) {
      for (int i = 0; i < 8; i++) {
        filters.add(FilterOracle.of(field, events.any(RandomEvents.TEXTS)));
      }
      filters.add(FilterOracle.of(field, "*"));
      filters.add(FilterOracle.of(field, ""));
      filters.add(FilterOracle.of(field, "nobody"));
    }
    for (String value : RandomEvents.VALUES) {
      filters.addAll(metadata("n", value));
    }
    filters.addAll(combined(events, filters, 50));
    try (RunningServer server = RunningServer.start(folder)) {
      List<Sample> all = new ArrayList<>();
      publish(server, samples(events, 900), all);
      filters.forEach(filter -> open(server, filter));
      publish(server, samples(events, 300), all);
      check(server, all);
    }
  }

  private static List<Sample> samples(RandomEvents events, int count) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      samples.add(events.next());
    }
    return samples;
  }

  private static List<FilterOracle> types() {
    List<FilterOracle> filters = new ArrayList<>();
    filters.add(FilterOracle.of());
    for (EventType type : EventType.values()) {
      filters.add(FilterOracle.of("workflow_event_types", type.wireName()));
    }
    String names = "workflow_event_types";
    filters.add(FilterOracle.of(names, "CUSTOM_TASK_STARTED,ACTIVITY_TASK_FAILED"));
    filters.add(FilterOracle.of(names, "CUSTOM_TASK_STARTED", names, "ACTIVITY_TASK_FAILED"));
    filters.add(
        FilterOracle.of(
            names, "CUSTOM_TASK_STARTED,WORKFLOW_TASK_FAILED", names, "WORKFLOW_TASK_TIMED_OUT"));
    filters.add(FilterOracle.of(names, "*"));
    filters.add(FilterOracle.of(names, ""));
    filters.add(FilterOracle.of(names, "CUSTOM_TASK_STARTED", names, "*"));
    for (String scope : List.of("workflow", "activity", "*", "")) {
      filters.add(FilterOracle.of("scope", scope));
      filters.add(FilterOracle.of("scope", scope, names, "CUSTOM_TASK_STARTED"));
    }
    return filters;
  }

  /// The three spellings of a filter on metadata.
  private static List<FilterOracle> metadata(String key, String value) {
    ObjectNode object = FilterOracle.JSON.createObjectNode();
    JsonNode wanted = FilterOracle.JSON.readTree(value);
    object.set(key, wanted);
    List<FilterOracle> filters = new ArrayList<>();
    filters.add(FilterOracle.of("metadata_filters", "{\"" + key + "\":" + value + "}"));
    if (!wanted.isContainer()) {
      String text = wanted.isString() ? wanted.stringValue() : value;
      filters.add(FilterOracle.of("metadata_filters[" + key + "]", text));
      filters.add(FilterOracle.of(key, text));
    }
    return filters;
  }

  private static List<FilterOracle> combined(
      RandomEvents events, List<FilterOracle> filters, int count) {
    List<FilterOracle> combined = new ArrayList<>();
    while (combined.size() < count) {
      FilterOracle one = events.any(filters);
      FilterOracle other = events.any(filters);
      boolean distinct =
          one.parameters().stream()
              .noneMatch(mine ->
                  other.parameters().stream().anyMatch(its -> its.name().equals(mine.name())));
      if (distinct) {
        combined.add(one.and(other));
      }
    }
    return combined;
  }

  private void open(RunningServer server, FilterOracle filter) {
    readers.computeIfAbsent(
        filter,
        asked ->
            server.stream(STREAM + (asked.query().isEmpty() ? "" : "?" + asked.query())).open());
  }

  /// Publishes, in order: some one by one, some in batches.
  private static void publish(RunningServer server, List<Sample> samples, List<Sample> all) {
    List<String> batch = new ArrayList<>();
    for (Sample sample : samples) {
      if (sample.batchable() && batch.size() < 50) {
        batch.add(sample.body());
        continue;
      }
      flush(server, batch);
      if (sample.batchable()) {
        batch.add(sample.body());
      } else {
        assertThat(server.post(STREAM_EVENT, sample.body()).statusCode()).isEqualTo(200);
      }
    }
    flush(server, batch);
    all.addAll(samples);
  }

  private static void flush(RunningServer server, List<String> batch) {
    if (batch.size() == 1) {
      assertThat(server.post(SINGLE, batch.getFirst()).statusCode()).isEqualTo(200);
    } else if (!batch.isEmpty()) {
      server.publish(batch);
    }
    batch.clear();
  }

  private void check(RunningServer server, List<Sample> all) {
    StreamReader witness = readers.get(FilterOracle.of());
    Map<String, Long> sequences = new HashMap<>();
    for (SseMessage message : witness.await(all.size())) {
      String id = FilterOracle.JSON.readTree(message.data()).at("/data/event_id").stringValue();
      sequences.put(id, StreamReader.sequence(message));
    }
    Map<FilterOracle, List<Long>> expected = new HashMap<>();
    readers.forEach((filter, reader) -> {
      assertThat(reader.status()).as(filter.query()).isEqualTo(200);
      List<Long> selected =
          all.stream()
              .filter(filter::selects)
              .map(sample -> sequences.get(sample.data().path("event_id").stringValue()))
              .toList();
      expected.put(filter, selected);
      assertThatCode(() -> reader.await(selected.size()))
          .as(filter.query())
          .doesNotThrowAnyException();
    });
    server.stop(); // so that nothing more can arrive
    readers.forEach((filter, reader) -> {
      assertThat(reader.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(reader.sequences()).as(filter.query()).isEqualTo(expected.get(filter));
      reader.close();
    });
  }

  private static Sample scenarioSample(String line) {
    JsonNode body = FilterOracle.JSON.readTree(line);
    return new Sample(
        body.path("event"),
        Optional.ofNullable(body.path("stream").asString(null)),
        body.has("metadata")
            ? (ObjectNode) body.path("metadata")
            : FilterOracle.JSON.createObjectNode(),
        Optional.empty(),
        Optional.empty(),
        true,
        line);
  }

  private static String scenarioValue(Sample sample, String field) {
    String pointer =
        switch (field) {
          case "activity_name" -> "/attributes/activity_name";
          case "activity_id" -> "/attributes/task_id";
          case "stream" -> "/attributes/custom_task_type";
          default -> "/" + field;
        };
    return sample.data().at(pointer).asString("");
  }
}
