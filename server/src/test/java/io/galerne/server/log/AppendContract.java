package io.galerne.server.log;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.server.log.EventVisitor.Verdict;
import io.galerne.server.log.Logs.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// The part of [EventLogContract] about appends.
interface AppendContract extends EventLogHarness {
  @Test
  default void numbersEventsFromOne() {
    try (EventLog log = openFresh()) {
      assertThat(append(log, SampleEvent.any().record())).containsExactly(1);
      assertThat(log.range().oldest()).isEqualTo(1);
    }
  }

  @Test
  default void answersABatchInOrder() {
    try (EventLog log = openFresh()) {
      List<EventRecord> events = new RandomEvents(1).records(100, "acme");
      long[] sequences = append(log, events);
      assertThat(sequences).hasSize(100).isSorted().doesNotHaveDuplicates();
      List<Entry> entries = readAll(log, "acme");
      assertThat(Logs.sequences(entries)).isEqualTo(LongStream.of(sequences).boxed().toList());
      assertThat(Logs.eventIds(entries)).isEqualTo(eventIds(events));
    }
  }

  @Test
  default void laterAppendsGetHigherSequences() {
    try (EventLog log = openFresh()) {
      long last = 0;
      for (int i = 0; i < 20; i++) {
        long next = append(log, SampleEvent.any().record())[0];
        assertThat(next).isGreaterThan(last);
        assertThat(log.range().head()).isGreaterThanOrEqualTo(next);
        last = next;
      }
    }
  }

  @Test
  default void anEmptyBatchChangesNothing() {
    try (EventLog log = openFresh()) {
      assertThat(append(log, List.of())).isEmpty();
      assertThat(log.range()).isEqualTo(new LogRange(1, 0));
    }
  }

  @Test
  default void anAcknowledgedEventIsReadableAtOnce() {
    try (EventLog log = openFresh()) {
      for (int i = 0; i < 50; i++) {
        EventRecord event = SampleEvent.any().record();
        long sequence = append(log, event)[0];
        assertThat(Logs.eventIds(readAll(log, everything(), sequence)))
            .containsExactly(event.text(Field.EVENT_ID));
      }
    }
  }

  @Test
  default void showsABatchAtomically() throws Exception {
    try (EventLog log = openFresh()) {
      append(log, SampleEvent.any().record());
      AtomicBoolean stop = new AtomicBoolean();
      List<Integer> seen = new ArrayList<>();
      Thread reader =
          Thread.ofPlatform()
              .start(() -> {
                while (!stop.get()) {
                  AtomicInteger count = new AtomicInteger();
                  log.read(
                      everything(),
                      1,
                      (sequence, event) -> {
                        count.incrementAndGet();
                        return Verdict.TAKEN;
                      });
                  seen.add(count.get());
                }
              });
      List<EventRecord> batch = new ArrayList<>();
      for (int i = 0; i < 10_000; i++) {
        batch.add(SampleEvent.any().record());
      }
      long[] sequences = append(log, batch);
      stop.set(true);
      reader.join(SECONDS.toMillis(30));

      assertThat(sequences).hasSize(10_000).isSorted().doesNotHaveDuplicates();
      assertThat(seen).isSubsetOf(1, 10_001);
      assertThat(Logs.eventIds(readAll(log, everything(), sequences[0])))
          .isEqualTo(eventIds(batch));
    }
  }

  @Test
  default void keepsEveryByte() {
    long seed = System.nanoTime();
    System.out.println("keepsEveryByte seed " + seed);
    List<EventRecord> events = new ArrayList<>(Scenario.records("acme"));
    events.addAll(new RandomEvents(seed).records(500, "acme"));
    events.add(
        SampleEvent.any()
            .with("unknown", "[1e-7, 1E400,\t-0, 1234567890123456789, \"\\u00e9é\"]")
            .record("acme"));
    try (EventLog log = openFresh()) {
      events.forEach(event -> log.append(List.of(event)));
      append(log, events); // only repeats: waits for the appends before
      assertSameBytes(readAll(log, "acme"), events);
    }
    try (EventLog log = reopen()) {
      assertSameBytes(readAll(log, "acme"), events);
    }
  }

  @Test
  default void keepsAnEventOfAMegabyte() {
    try (EventLog log = openFresh()) {
      EventRecord large =
          SampleEvent.any().with("unknown", "\"" + "é".repeat(1 << 19) + "\"").record();
      List<EventRecord> events =
          List.of(SampleEvent.any().record(), large, SampleEvent.any().record());
      append(log, events);
      assertSameBytes(readAll(log, SampleEvent.NAMESPACE), events);
    }
  }

  @Test
  default void neverReusesASequenceAfterReopening() {
    long last;
    try (EventLog log = openFresh()) {
      last = append(log, new RandomEvents(1).records(10, "acme"))[9];
    }
    for (int i = 0; i < 3; i++) {
      try (EventLog log = reopen()) {
        assertThat(log.range().head()).isGreaterThanOrEqualTo(last);
        long next = append(log, SampleEvent.any().record("acme"))[0];
        assertThat(next).isGreaterThan(last);
        last = next;
      }
    }
    try (EventLog log = reopen()) {
      assertThat(readAll(log, "acme")).hasSize(13);
    }
  }

  @Test
  default void neverReusesASequenceAfterEverythingExpired() {
    long last;
    try (EventLog log = openFresh()) {
      last = append(log, new RandomEvents(1).records(10, "acme"))[9];
      expireEverything(log);
      assertThat(log.range().head()).isGreaterThanOrEqualTo(last);
      long next = append(log, SampleEvent.any().record("acme"))[0];
      assertThat(next).isGreaterThan(last);
      last = next;
      expireEverything(log);
    }
    try (EventLog log = reopen()) {
      assertThat(log.range().head()).isGreaterThanOrEqualTo(last);
      assertThat(append(log, SampleEvent.any().record("acme"))[0]).isGreaterThan(last);
      assertThat(readAll(log, "acme")).hasSize(1);
    }
  }

  @Test
  default void keepsItsIdAfterReopening() {
    String id;
    try (EventLog log = openFresh()) {
      id = log.id();
    }
    try (EventLog log = reopen()) {
      assertThat(log.id()).isEqualTo(id);
    }
    try (EventLog log = openFresh()) {
      assertThat(log.id()).isNotEqualTo(id);
    }
  }

  @Test
  default void isReadyWithNothingPendingWhenIdle() {
    try (EventLog log = openFresh()) {
      append(log, SampleEvent.any().record());
      assertThat(log.health()).isEqualTo(Health.READY);
      await().until(() -> log.stats().pendingEvents() == 0);
    }
  }

  @Test
  default void closeCommitsAcceptedEvents() {
    List<CompletableFuture<long[]>> answers = new ArrayList<>();
    List<EventRecord> events = new RandomEvents(1).records(200, "acme");
    try (EventLog log = openFresh()) {
      events.forEach(event -> answers.add(log.append(List.of(event))));
    }
    assertThat(answers).allSatisfy(answer -> assertThat(answer).isCompleted());
    try (EventLog log = reopen()) {
      assertSameBytes(readAll(log, "acme"), events);
    }
  }

  @Test
  default void refusesAppendsAndReadsAfterClose() {
    EventLog log = openFresh();
    append(log, SampleEvent.any().record());
    log.close();
    assertThatThrownBy(() -> append(log, SampleEvent.any().record()))
        .isInstanceOf(LogUnavailableException.class);
    assertThatThrownBy(() -> log.read(everything(), 1, (sequence, event) -> Verdict.TAKEN))
        .isInstanceOf(LogUnavailableException.class);
  }

  @Test
  default void canBeClosedTwice() {
    EventLog log = openFresh();
    log.close();
    log.close();
    assertThat(log.range()).isEqualTo(new LogRange(1, 0));
    assertThat(log.id()).isNotEmpty();
  }

  private void expireEverything(EventLog log) {
    advance(RETENTION_AGE.plusSeconds(1));
    await().until(() -> log.range().oldest() == log.range().head() + 1);
  }

  private static EventFilter everything() {
    return EventFilter.in(SampleEvent.NAMESPACE).build();
  }

  private static List<String> eventIds(List<EventRecord> events) {
    return events.stream().map(event -> String.valueOf(event.text(Field.EVENT_ID))).toList();
  }

  private static void assertSameBytes(List<Entry> entries, List<EventRecord> events) {
    assertThat(entries).hasSameSizeAs(events);
    for (int i = 0; i < events.size(); i++) {
      byte[] found = Logs.bytes(entries.get(i).event());
      assertThat(found).as(() -> new String(found, UTF_8)).isEqualTo(Logs.bytes(events.get(i)));
    }
  }
}
