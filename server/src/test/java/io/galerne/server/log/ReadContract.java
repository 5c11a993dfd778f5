package io.galerne.server.log;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.server.log.EventVisitor.Verdict;
import io.galerne.server.log.Logs.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// The part of [EventLogContract] about where a read begins and ends.
interface ReadContract extends EventLogHarness {
  @Test
  default void isEmptyAtFirst() {
    try (EventLog log = openFresh()) {
      assertThat(log.range()).isEqualTo(new LogRange(1, 0));
      assertThat(log.read(everything(), 1, failing())).isGreaterThanOrEqualTo(1);
    }
  }

  @Test
  default void readsInclusivelyAndInOrderFromEveryPosition() {
    try (EventLog log = openFresh()) {
      RandomEvents events = new RandomEvents(1);
      List<Long> sequences = new ArrayList<>();
      for (int size : new int[] {1, 3, 1, 20, 2, 1}) {
        LongStream.of(append(log, events.records(size, "acme"))).forEach(sequences::add);
      }
      long head = log.range().head();
      for (long from = 1; from <= head + 1; from++) {
        long first = from;
        assertThat(Logs.sequences(readAll(log, everything(), from)))
            .as("from %s", from)
            .isEqualTo(sequences.stream().filter(sequence -> sequence >= first).toList());
      }
    }
  }

  @Test
  default void endsBeyondTheHeadIfNothingIsLeft() {
    try (EventLog log = openFresh()) {
      append(log, new RandomEvents(1).records(10, "acme"));
      long head = log.range().head();
      for (long from = 1; from <= head; from++) {
        assertThat(log.read(everything(), from, (sequence, event) -> Verdict.TAKEN))
            .isGreaterThan(head);
      }
      EventFilter nothing = EventFilter.in("acme").where(Field.STREAM, "none such").build();
      assertThat(log.read(nothing, 1, failing())).isGreaterThan(head);
    }
  }

  @Test
  default void readsNothingBeyondTheHead() {
    try (EventLog log = openFresh()) {
      append(log, new RandomEvents(1).records(10, "acme"));
      long head = log.range().head();
      for (long from : new long[] {head + 1, head + 2, head + 1_000_000, Long.MAX_VALUE}) {
        assertThat(log.read(everything(), from, failing())).isGreaterThanOrEqualTo(from);
      }
    }
  }

  @Test
  default void continuesAfterTheLastEventThatWasTaken() {
    try (EventLog log = openFresh()) {
      append(log, new RandomEvents(1).records(10, "acme"));
      List<Entry> oneByOne = new ArrayList<>();
      long next = 1;
      while (next <= log.range().head()) {
        next =
            log.read(
                everything(),
                next,
                (sequence, event) -> {
                  oneByOne.add(new Entry(sequence, Logs.copy(event)));
                  return Verdict.LAST;
                });
        assertThat(next).isGreaterThan(oneByOne.getLast().sequence());
      }
      assertThat(Logs.eventIds(oneByOne)).isEqualTo(Logs.eventIds(readAll(log, "acme")));
    }
  }

  @Test
  default void continuesWithTheEventThatWasRefused() {
    try (EventLog log = openFresh()) {
      append(log, new RandomEvents(1).records(10, "acme"));
      List<String> taken = new ArrayList<>();
      List<String> refused = new ArrayList<>();
      long next = 1;
      while (next <= log.range().head()) {
        int before = taken.size();
        next =
            log.read(
                everything(),
                next,
                (sequence, event) -> {
                  List<String> pile = taken.size() - before == 2 ? refused : taken;
                  pile.add(String.valueOf(event.text(Field.EVENT_ID)));
                  return pile == refused ? Verdict.REFUSED : Verdict.TAKEN;
                });
      }
      List<String> all = Logs.eventIds(readAll(log, "acme"));
      assertThat(taken).isEqualTo(all);
      assertThat(refused).containsExactly(all.get(2), all.get(4), all.get(6), all.get(8));
    }
  }

  @Test
  default void refusingTheFirstEventKeepsThePosition() {
    try (EventLog log = openFresh()) {
      long[] sequences = append(log, new RandomEvents(1).records(3, "acme"));
      EventVisitor refusing = (sequence, event) -> Verdict.REFUSED;
      for (long sequence : sequences) {
        assertThat(log.read(everything(), sequence, refusing)).isEqualTo(sequence);
      }
    }
  }

  @Test
  default void keepsNamespacesApart() {
    try (EventLog log = openFresh()) {
      List<EventRecord> mixed = new ArrayList<>();
      RandomEvents events = new RandomEvents(1);
      for (int i = 0; i < 100; i++) {
        mixed.add(events.next().record(events.oneOf("acme", "acm", "acme2", "ACME", "other")));
      }
      append(log, mixed);
      for (String namespace : List.of("acme", "acm", "acme2", "ACME", "other", "nobody")) {
        assertThat(Logs.eventIds(readAll(log, namespace)))
            .isEqualTo(
                mixed.stream()
                    .filter(event -> namespace.equals(event.text(Field.NAMESPACE)))
                    .map(event -> event.text(Field.EVENT_ID))
                    .toList());
      }
    }
  }

  @Test
  default void findsARareEventAmongMany() {
    try (EventLog log = openFresh()) {
      List<EventRecord> events = new RandomEvents(1).records(1000, "acme");
      append(log, events);
      EventRecord wanted = SampleEvent.any().exec("needle").record("acme");
      append(log, wanted);
      append(log, new RandomEvents(2).records(1000, "acme"));
      EventFilter needle = EventFilter.in("acme").where(Field.WORKFLOW_EXEC_ID, "needle").build();
      assertThat(Logs.eventIds(readAll(log, needle, 1)))
          .containsExactly(wanted.text(Field.EVENT_ID));
    }
  }

  @Test
  default void refusesToReadExpiredEvents() {
    try (EventLog log = openFresh()) {
      append(log, new RandomEvents(1).records(10, "acme"));
      advance(RETENTION_AGE.minusSeconds(1));
      EventRecord younger = SampleEvent.any().record("acme");
      long kept = append(log, younger)[0];
      advance(java.time.Duration.ofSeconds(2));
      await().until(() -> log.range().oldest() > 1);

      assertThat(log.range()).isEqualTo(new LogRange(kept, kept));
      for (long from : new long[] {1, 5, kept - 1}) {
        assertThatThrownBy(() -> log.read(everything(), from, failing()))
            .isInstanceOfSatisfying(
                ExpiredException.class, e -> assertThat(e.oldest()).isEqualTo(kept));
      }
      assertThat(Logs.eventIds(readAll(log, everything(), kept)))
          .containsExactly(younger.text(Field.EVENT_ID));
    }
  }

  @Test
  default void readRetainedSkipsExpiredEvents() {
    try (EventLog log = openFresh()) {
      append(log, new RandomEvents(1).records(10, "acme"));
      advance(RETENTION_AGE.minusSeconds(1));
      long kept = append(log, SampleEvent.any().record("acme"))[0];
      advance(java.time.Duration.ofSeconds(2));
      await().until(() -> log.range().oldest() > 1);
      for (long from : new long[] {1, 5, kept - 1, kept}) {
        List<Long> read = new ArrayList<>();
        long next =
            log.readRetained(
                everything(),
                from,
                (sequence, event) -> {
                  read.add(sequence);
                  return Verdict.TAKEN;
                });
        assertThat(read).containsExactly(kept);
        assertThat(next).isGreaterThan(kept);
      }
    }
  }

  @Test
  default void keepsItsHeadAfterEverythingExpired() {
    try (EventLog log = openFresh()) {
      append(log, new RandomEvents(1).records(10, "acme"));
      long head = log.range().head();
      advance(RETENTION_AGE.plusSeconds(1));
      await().until(() -> log.range().oldest() > 1);
      assertThat(log.range()).isEqualTo(new LogRange(head + 1, head));
      assertThat(log.read(everything(), head + 1, failing())).isGreaterThan(head);
    }
    try (EventLog log = reopen()) {
      assertThat(readAll(log, "acme")).isEmpty();
    }
  }

  private static EventFilter everything() {
    return EventFilter.in("acme").build();
  }

  private static EventVisitor failing() {
    return (sequence, event) -> {
      throw new AssertionError("Visited " + sequence);
    };
  }
}
