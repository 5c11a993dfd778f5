package io.galerne.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.protocol.EventType;
import io.galerne.protocol.Scope;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EventFilterTest {
  /// Wanted value, found value, and whether they match (contract, section 4).
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1                      | 1                  | true",
        "1                      | 1.0                | true",
        "1                      | 10e-1              | true",
        "1                      | \"1\"              | false",
        "\"1\"                  | 1                  | true",
        "\"1.0\"                | 1                  | true",
        "\"1e0\"                | 1                  | true",
        "\"01\"                 | 1                  | false",
        "\"+1\"                 | 1                  | false",
        "\" 1\"                 | 1                  | false",
        "\"1\"                  | \"1\"              | true",
        "\"1\"                  | \"1.0\"            | false",
        "-0                     | 0                  | true",
        "\"-0\"                 | 0                  | true",
        "9007199254740993       | 9007199254740992   | false",
        "\"9007199254740993\"   | 9007199254740993   | true",
        "\"9007199254740993\"   | 9007199254740992   | false",
        "1e400                  | 10e399             | true",
        "true                   | true               | true",
        "true                   | false              | false",
        "true                   | \"true\"           | false",
        "\"true\"               | true               | true",
        "\"True\"               | true               | false",
        "\"false\"              | false              | true",
        "\"false\"              | null               | false",
        "\"false\"              | 0                  | false",
        "null                   | null               | true",
        "null                   | \"null\"           | false",
        "null                   | false              | false",
        "\"null\"               | null               | true",
        "\"\"                   | null               | false",
        "\"\"                   | \"\"               | true",
        "\"\"                   | 0                  | false",
        "\"é\"                  | \"\\u00e9\"        | true",
        "\"a\"                  | \"A\"              | false",
        "\"{}\"                 | {}                 | false",
        "\"[]\"                 | []                 | false",
        "\"\"                   | []                 | false",
        "{}                     | {}                 | true",
        "{\"a\":1}              | {\"a\":1.0}        | true",
        "{\"a\":1}              | {\"a\":\"1\"}      | false",
        "{\"a\":\"1\"}          | {\"a\":1}          | false",
        "{\"a\":1}              | {\"a\":1.0,\"b\":2} | false",
        "{\"a\":1,\"b\":[{}]}   | {\"b\":[{}],\"a\":1} | true",
        "[1,2]                  | [1.0,2]            | true",
        "[1,2]                  | [2,1]              | false",
      })
  void comparesMetadataAsJson(String wanted, String found, boolean matches) {
    assertThat(selects(wanted, "{\"k\":" + found + "}")).isEqualTo(matches);
  }

  @Test
  void aMissingMemberMatchesNothing() {
    for (String wanted : List.of("null", "\"null\"", "\"\"", "0", "false", "{}")) {
      assertThat(selects(wanted, "{\"K\":" + wanted + "}")).isFalse();
      assertThat(selects(wanted, "{}")).isFalse();
      assertThat(selects(wanted, "{\"a\":{\"k\":" + wanted + "}}")).isFalse();
    }
  }

  private static boolean selects(String wanted, String metadata) {
    EventRecord event = SampleEvent.any().metadata(metadata).record();
    MetadataCondition condition = new MetadataCondition("k", FilterOracle.JSON.readTree(wanted));
    return EventFilter.in(SampleEvent.NAMESPACE).where(condition).build().matches(event);
  }

  /// Otherwise a read through the index would miss the event.
  @Test
  void everyMatchingEventHasTheKeysOfItsFilter() {
    long seed = System.nanoTime();
    System.out.println("EventFilterTest seed " + seed);
    Random random = new Random(seed);
    RandomEvents source = new RandomEvents(seed);
    List<EventRecord> events = source.records(300, "acme");
    int selected = 0;
    for (int i = 0; i < 300; i++) {
      EventFilter filter = filterFor(events.get(i % events.size()), source, random);
      for (EventRecord event : events) {
        if (!filter.matches(event)) {
          continue;
        }
        selected++;
        long[] keys = event.keys();
        for (long[] anyOf : filter.keys()) {
          assertThat(LongStream.of(anyOf).anyMatch(wanted -> contains(keys, wanted)))
              .as("seed %s, round %s", seed, i)
              .isTrue();
        }
        assertThat(contains(keys, filter.waitingKey())).as("seed %s, round %s", seed, i).isTrue();
      }
    }
    assertThat(selected).isGreaterThanOrEqualTo(300);
  }

  /// A random filter that matches the event or similar ones.
  private static EventFilter filterFor(EventRecord event, RandomEvents source, Random random) {
    EventFilter.Builder filter = EventFilter.in("acme");
    Field field = source.oneOf(FilterContract.FIELDS);
    if (event.has(field)) {
      filter.where(field, String.valueOf(event.text(field)));
    }
    if (random.nextBoolean()) {
      filter.types(EnumSet.of(event.type(), source.oneOf(EventType.values())));
    }
    if (event.has(Field.METADATA)) {
      Metadata.of(event)
          .properties()
          .forEach(
              member -> filter.where(new MetadataCondition(member.getKey(), member.getValue())));
    }
    return filter.build();
  }

  private static boolean contains(long[] keys, long wanted) {
    return LongStream.of(keys).anyMatch(key -> key == wanted);
  }

  @Test
  void repeatedTypeConditionsIntersect() {
    EventFilter.Builder filter =
        EventFilter.in("acme")
            .types(Set.of(EventType.CUSTOM_TASK_STARTED, EventType.WORKFLOW_TASK_FAILED))
            .types(Set.of(EventType.WORKFLOW_TASK_FAILED, EventType.ACTIVITY_TASK_FAILED));
    EventRecord event = SampleEvent.of(EventType.WORKFLOW_TASK_FAILED).record("acme");
    assertThat(filter.build().matches(event)).isTrue();
    assertThat(filter.build().isEmpty()).isFalse();
    assertThat(filter.scope(Scope.ACTIVITY).build().isEmpty()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = Field.class,
      names = {"DATA", "METADATA", "NAMESPACE", "EVENT_ID", "EVENT_TYPE"})
  void refusesAnUnsupportedField(Field field) {
    EventFilter.Builder filter = EventFilter.in("acme");
    assertThatThrownBy(() -> filter.where(field, "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(field.name());
  }

  @Test
  void ordersTermsBySelectivity() {
    EventFilter filter =
        EventFilter.in("acme")
            .where(Field.STREAM, "token")
            .where(Field.WORKFLOW_EXEC_ID, "exec")
            .types(Set.of(EventType.CUSTOM_TASK_STARTED))
            .build();
    EventFilter execution = EventFilter.in("acme").where(Field.WORKFLOW_EXEC_ID, "exec").build();
    List<long[]> keys = new ArrayList<>(filter.keys());
    assertThat(keys).hasSize(3);
    assertThat(keys.getFirst()).isEqualTo(execution.keys().getFirst());
    assertThat(filter.waitingKey()).isEqualTo(execution.waitingKey());
  }
}
