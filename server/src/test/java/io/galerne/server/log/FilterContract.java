package io.galerne.server.log;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static io.galerne.server.log.Logs.readSome;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.protocol.Scope;
import io.galerne.server.log.EventVisitor.Verdict;
import io.galerne.server.log.Logs.Entry;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The part of [EventLogContract] about filters: compares every read with [FilterOracle].
interface FilterContract extends EventLogHarness {
  List<Field> FIELDS =
      List.of(
          Field.WORKFLOW_EXEC_ID,
          Field.ROOT_WORKFLOW_EXEC_ID,
          Field.PARENT_WORKFLOW_EXEC_ID,
          Field.WORKFLOW_RUN_ID,
          Field.WORKFLOW_NAME,
          Field.ACTIVITY_NAME,
          Field.ACTIVITY_ID,
          Field.STREAM);

  int EVENTS = 2000;
  int FILTERS = 250;

  /// The number of events of a partial read.
  int FEW = 3;

  @Test
  default void filtersTheScenarioByEveryFieldAndType() {
    try (EventLog log = openFresh()) {
      Scenario.records("acme").forEach(event -> append(log, event));
      append(log, Scenario.records("other"));
      Stored stored = new Stored(log, "acme", "other");
      long head = log.range().head();
      scenarioFilters(stored).parallelStream()
          .forEach(oracle -> stored.assertReadsFrom(oracle, LongStream.rangeClosed(1, head + 1)));
    }
  }

  private static List<FilterOracle> scenarioFilters(Stored stored) {
    List<FilterOracle> oracles = new ArrayList<>();
    oracles.add(new FilterOracle("acme"));
    oracles.add(new FilterOracle("nobody"));
    for (Scope scope : Scope.values()) {
      oracles.add(new FilterOracle("acme").scope(scope));
      oracles.add(
          new FilterOracle("acme")
              .scope(scope)
              .where(Field.ROOT_WORKFLOW_EXEC_ID, "document-review-7f3a"));
    }
    for (EventType type : EventType.values()) {
      oracles.add(new FilterOracle("acme").types(Set.of(type)));
    }
    for (Field field : FIELDS) {
      oracles.add(new FilterOracle("acme").where(field, "none such"));
      stored.entries.stream()
          .map(entry -> entry.event().text(field))
          .distinct()
          .filter(value -> value != null)
          .forEach(value -> oracles.add(new FilterOracle("acme").where(field, value)));
    }
    return oracles;
  }

  @Test
  default void filtersRandomEventsByRandomConditions() {
    long seed = System.nanoTime();
    System.out.println("filtersRandomEventsByRandomConditions seed " + seed);
    Random random = new Random(seed);
    RandomEvents events = new RandomEvents(seed);
    try (EventLog log = openFresh()) {
      for (int left = EVENTS; left > 0; ) {
        int size = Math.min(left, 1 + random.nextInt(random.nextBoolean() ? 3 : 300));
        append(log, events.records(size, random.nextInt(3) > 0 ? "acme" : "other"));
        left -= size;
      }
      Stored stored = new Stored(log, "acme", "other");
      List<Runnable> reads = new ArrayList<>();
      for (int i = 0; i < FILTERS; i++) {
        FilterOracle oracle = randomFilter(random, events);
        LongStream positions =
            LongStream.of(1, 1 + random.nextInt(EVENTS), 1 + random.nextInt(EVENTS));
        reads.add(() -> stored.assertReadsFrom(oracle, positions));
      }
      reads.parallelStream().forEach(Runnable::run);
    }
  }

  private static FilterOracle randomFilter(Random random, RandomEvents events) {
    FilterOracle oracle = new FilterOracle(random.nextInt(4) > 0 ? "acme" : "other");
    int conditions = random.nextInt(4);
    for (int i = 0; i < conditions; i++) {
      switch (random.nextInt(5)) {
        case 0 -> oracle.scope(events.oneOf(Scope.values()));
        case 1 -> {
          Set<EventType> types = EnumSet.noneOf(EventType.class);
          for (int j = random.nextInt(6); j > 0; j--) {
            types.add(events.oneOf(EventType.values()));
          }
          oracle.types(types);
        }
        case 2 -> oracle.metadata(events.member(), events.oneOf(RandomEvents.VALUES));
        default -> oracle.where(events.oneOf(FIELDS), events.oneOf(RandomEvents.TEXTS));
      }
    }
    return oracle;
  }

  @Test
  default void comparesEveryMetadataValueWithEveryOther() {
    try (EventLog log = openFresh()) {
      List<EventRecord> events = new ArrayList<>();
      for (String value : RandomEvents.VALUES) {
        events.add(SampleEvent.any().metadata("{\"k\":" + value + "}").record("acme"));
      }
      events.add(SampleEvent.any().metadata("{\"other\":null}").record("acme"));
      events.add(SampleEvent.any().record("acme"));
      append(log, events);
      Stored stored = new Stored(log, "acme");
      for (String value : RandomEvents.VALUES) {
        stored.assertReadsFrom(new FilterOracle("acme").metadata("k", value), LongStream.of(1));
      }
    }
  }

  @Test
  default void aFilterWithoutTypesMatchesNothing() {
    try (EventLog log = openFresh()) {
      append(log, Scenario.records("acme"));
      EventFilter none = EventFilter.in("acme").types(Set.of()).build();
      assertThat(readAll(log, none, 1)).isEmpty();
      EventFilter contradiction =
          EventFilter.in("acme")
              .scope(Scope.WORKFLOW)
              .types(Set.of(EventType.ACTIVITY_TASK_STARTED))
              .build();
      assertThat(log.read(contradiction, 1, (sequence, event) -> Verdict.TAKEN))
          .isGreaterThan(log.range().head());
    }
  }

  @Test
  default void selectsTheSameEventsAfterReopening() {
    FilterOracle oracle = new FilterOracle("acme").where(Field.WORKFLOW_NAME, "a");
    List<Long> before;
    try (EventLog log = openFresh()) {
      append(log, new RandomEvents(7).records(500, "acme"));
      before = Logs.sequences(readAll(log, oracle.filter(), 1));
      assertThat(before).isNotEmpty();
    }
    try (EventLog log = reopen()) {
      assertThat(Logs.sequences(readAll(log, oracle.filter(), 1))).isEqualTo(before);
      append(log, SampleEvent.any().workflow("a").record("acme"));
      assertThat(readAll(log, oracle.filter(), 1)).hasSize(before.size() + 1);
    }
  }

  /// All events of a log, with their JSON. Safe for use by several threads, so that tests can read
  /// in parallel.
  final class Stored {
    private final EventLog log;
    private final List<Entry> entries = new ArrayList<>();
    private final List<JsonNode> streamEvents;

    Stored(EventLog log, String... namespaces) {
      this.log = log;
      for (String namespace : namespaces) {
        entries.addAll(readAll(log, namespace));
      }
      entries.sort((one, other) -> Long.compare(one.sequence(), other.sequence()));
      streamEvents =
          entries.stream().map(entry -> FilterOracle.streamEvent(entry.event())).toList();
    }

    /// The sequences that the filter should match, in ascending order.
    List<Long> selected(FilterOracle oracle) {
      List<Long> selected = new ArrayList<>();
      for (int i = 0; i < entries.size(); i++) {
        if (oracle.selects(streamEvents.get(i))) {
          selected.add(entries.get(i).sequence());
        }
      }
      return selected;
    }

    /// Asserts that a read from each position returns exactly the expected events.
    void assertReadsFrom(FilterOracle oracle, LongStream positions) {
      List<Long> selected = selected(oracle);
      EventFilter filter = oracle.filter();
      positions.forEach(from -> {
        List<Long> expected = selected.stream().filter(it -> it >= from).toList();
        assertThat(Logs.sequences(readAll(log, filter, from)))
            .as("%s from %s", oracle, from)
            .isEqualTo(expected);
        if (expected.size() >= FEW) { // otherwise it is the same read
          assertThat(Logs.sequences(readSome(log, filter, from, FEW)))
              .as("%s from %s, %s at most", oracle, from, FEW)
              .isEqualTo(expected.stream().limit(FEW).toList());
        }
      });
    }
  }
}
