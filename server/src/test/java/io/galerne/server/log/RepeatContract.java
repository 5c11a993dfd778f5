package io.galerne.server.log;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// The part of [EventLogContract] about deduplication.
interface RepeatContract extends EventLogHarness {
  @Test
  default void storesARepeatInTheSameBatchOnce() {
    try (EventLog log = openFresh()) {
      EventRecord one = event("one");
      EventRecord two = event("two");
      long[] sequences = append(log, one, two, one, two, one);
      assertThat(sequences[1]).isGreaterThan(sequences[0]);
      assertThat(sequences)
          .containsExactly(sequences[0], sequences[1], sequences[0], sequences[1], sequences[0]);
      assertThat(Logs.eventIds(readAll(log, "acme"))).containsExactly("one", "two");
    }
  }

  @Test
  default void answersARepeatInALaterBatchWithTheFirstSequence() {
    try (EventLog log = openFresh()) {
      long[] first = append(log, event("one"), event("two"));
      long[] second = append(log, event("new"), event("two"), event("newer"), event("one"));
      assertThat(second[1]).isEqualTo(first[1]);
      assertThat(second[3]).isEqualTo(first[0]);
      assertThat(second[0]).isGreaterThan(first[1]);
      assertThat(second[2]).isGreaterThan(second[0]);
      assertThat(Logs.eventIds(readAll(log, "acme"))).containsExactly("one", "two", "new", "newer");
    }
  }

  @Test
  default void aBatchOfRepeatsChangesNothing() {
    try (EventLog log = openFresh()) {
      List<EventRecord> events = new RandomEvents(1).records(50, "acme");
      long[] first = append(log, events);
      LogRange range = log.range();
      assertThat(append(log, events)).isEqualTo(first);
      assertThat(log.range()).isEqualTo(range);
    }
  }

  @Test
  default void keepsTheFirstOfTwoEventsWithOneId() {
    try (EventLog log = openFresh()) {
      EventRecord first = SampleEvent.any().id("one").with("value", "1").record("acme");
      EventRecord second = SampleEvent.any().id("one").with("value", "2").record("acme");
      append(log, first);
      append(log, second);
      assertThat(readAll(log, "acme"))
          .singleElement()
          .satisfies(entry -> assertThat(Logs.bytes(entry.event())).isEqualTo(Logs.bytes(first)));
    }
  }

  @Test
  default void recognisesARepeatAfterReopening() {
    long[] first;
    try (EventLog log = openFresh()) {
      first = append(log, event("one"), event("two"));
    }
    try (EventLog log = reopen()) {
      assertThat(append(log, event("two"), event("one"))).containsExactly(first[1], first[0]);
      assertThat(readAll(log, "acme")).hasSize(2);
    }
  }

  @Test
  default void recognisesARepeatUntilTheWindowEnds() {
    try (EventLog log = openFresh()) {
      for (int i = 0; i < 5; i++) {
        advance(REPEAT_WINDOW.dividedBy(3)); // to start at different times
        long first = append(log, event("one-" + i))[0];
        advance(REPEAT_WINDOW.minusMillis(1));
        assertThat(append(log, event("one-" + i))).containsExactly(first);
      }
      assertThat(readAll(log, "acme")).hasSize(5);
    }
  }

  @Test
  default void recognisesARepeatAfterReopeningWithinTheWindow() {
    long first;
    try (EventLog log = openFresh()) {
      first = append(log, event("one"))[0];
    }
    advance(REPEAT_WINDOW.minusMillis(1));
    try (EventLog log = reopen()) {
      assertThat(append(log, event("one"))).containsExactly(first);
    }
  }

  @Test
  default void theSameIdInAnotherNamespaceIsAnotherEvent() {
    try (EventLog log = openFresh()) {
      long acme = append(log, event("one"))[0];
      long other = append(log, SampleEvent.any().id("one").record("other"))[0];
      assertThat(other).isNotEqualTo(acme);
      assertThat(append(log, event("one"))).containsExactly(acme);
      assertThat(readAll(log, "acme")).hasSize(1);
      assertThat(readAll(log, "other")).hasSize(1);
    }
  }

  @Test
  default void doesNotConfuseNamespaceAndId() {
    try (EventLog log = openFresh()) {
      append(log, SampleEvent.any().id("cde").record("ab"));
      append(log, SampleEvent.any().id("bcde").record("a"));
      append(log, SampleEvent.any().id("e").record("abcd"));
      append(log, SampleEvent.any().id("\u0000e").record("abcd"));
      append(log, SampleEvent.any().id("E").record("abcd"));
      assertThat(readAll(log, "ab")).hasSize(1);
      assertThat(readAll(log, "a")).hasSize(1);
      assertThat(readAll(log, "abcd")).hasSize(3);
    }
  }

  @Test
  default void recognisesAnIdInAnyJsonSpelling() {
    try (EventLog log = openFresh()) {
      long plain = append(log, SampleEvent.any().with("event_id", "\"é1\"").record())[0];
      EventRecord escaped = SampleEvent.any().with("event_id", "\"\\u00e9\\u0031\"").record();
      assertThat(append(log, escaped)).containsExactly(plain);
    }
  }

  @Test
  default void concurrentRepeatsAreStoredOnce() throws Exception {
    long seed = System.nanoTime();
    System.out.println("concurrentRepeatsAreStoredOnce seed " + seed);
    List<EventRecord> events = new RandomEvents(seed).records(100, "acme");
    List<CompletableFuture<long[]>> answers = Collections.synchronizedList(new ArrayList<>());
    try (EventLog log = openFresh()) {
      List<Thread> appenders = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        appenders.add(
            Thread.ofPlatform()
                .start(() -> events.forEach(event -> answers.add(log.append(List.of(event))))));
      }
      for (Thread appender : appenders) {
        appender.join();
      }
      long[] sequences = append(log, events);
      for (CompletableFuture<long[]> answer : answers) {
        assertThat(sequences).contains(answer.get());
      }
      assertThat(sequences).doesNotHaveDuplicates();
      assertThat(readAll(log, "acme")).hasSize(100);
    }
  }

  private static EventRecord event(String id) {
    return SampleEvent.any().id(id).record("acme");
  }
}
