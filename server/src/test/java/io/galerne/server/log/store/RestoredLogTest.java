package io.galerne.server.log.store;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor.Verdict;
import io.galerne.server.log.Field;
import io.galerne.server.log.LogRange;
import io.galerne.server.log.Logs;
import io.galerne.server.log.RandomEvents;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.SteppedClock;
import io.galerne.server.log.embedded.EmbeddedEventLog;
import io.galerne.server.log.embedded.EmbeddedLogs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A log restored from a backup leaves a gap in its sequences: more than can have been assigned
/// since the backup.
class RestoredLogTest {
  private static final long MILLION = 1 << 20;

  @TempDir private Path temporary;
  private Path folder;
  private EmbeddedLogs logs;
  private String id;
  private long head;

  @BeforeEach
  void createALogWithTenEvents() {
    folder = temporary.resolve("log");
    logs = EmbeddedLogs.in(folder);
    try (EmbeddedEventLog log = logs.open()) {
      id = log.id();
      head = append(log, new RandomEvents(1).records(10, "acme"))[9];
    }
  }

  @Test
  void hasANewIdAndContinuesAboveAGap() {
    String restored;
    try (EmbeddedEventLog log = logs.openRestored()) {
      restored = log.id();
      assertThat(restored).isNotEqualTo(id);
      assertThat(log.range().head()).isGreaterThan(head + 1_000_000_000);
      assertThat(append(log, event("new"))[0]).isGreaterThan(head + 1_000_000_000);
    }
    try (EmbeddedEventLog log = logs.open()) {
      assertThat(log.id()).isEqualTo(restored);
    }
  }

  @Test
  void keepsTheGapIfNothingIsAppendedBeforeARestart() {
    try (EmbeddedEventLog log = logs.openRestored()) {
      assertThat(readAll(log, "acme")).hasSize(10);
    }
    try (EmbeddedEventLog log = logs.open()) {
      assertThat(append(log, event("new"))[0]).isGreaterThan(head + 1_000_000_000);
    }
  }

  @Test
  void leavesAGapAfterEachRestore() {
    long last = head;
    for (int i = 0; i < 3; i++) {
      try (EmbeddedEventLog log = logs.openRestored()) {
        long next = append(log, event("new-" + i))[0];
        assertThat(next).isGreaterThan(last + 1_000_000_000);
        last = next;
      }
    }
    try (EmbeddedEventLog log = logs.open()) {
      assertThat(readAll(log, "acme")).hasSize(13);
      assertThat(last).as("a safe integer in JavaScript").isLessThan(1L << 53);
    }
  }

  @Test
  void aNewFolderHasNoGap() {
    try (EmbeddedEventLog log = EmbeddedLogs.in(temporary.resolve("new")).openRestored()) {
      assertThat(append(log, event("one"))).containsExactly(1);
    }
  }

  @Test
  void recognisesRepeatsFromBeforeTheRestore() {
    EventRecord event = event("same");
    long first;
    try (EmbeddedEventLog log = logs.open()) {
      first = append(log, event)[0];
    }
    try (EmbeddedEventLog log = logs.openRestored()) {
      assertThat(append(log, event)).containsExactly(first);
    }
  }

  @Test
  void readsAcrossTheGapFromBothSidesAndFromWithin() {
    List<EventRecord> later = new RandomEvents(2).records(10, "acme");
    try (EmbeddedEventLog log = logs.openRestored()) {
      long first = append(log, later)[0];
      EventFilter everything = EventFilter.in("acme").build();
      assertThat(readAll(log, everything, 1)).hasSize(20);
      for (long from : new long[] {head + 1, head + MILLION, first - 1, first}) {
        assertThat(Logs.sequences(readAll(log, everything, from)))
            .as("from %s", from)
            .hasSize(10)
            .startsWith(first);
      }
    }
  }

  /// @param offset the end of the gap, relative to a multiple of 2^20, the start of an index
  ///     segment
  @ParameterizedTest
  @ValueSource(longs = {-MILLION, -20, -7, -3, -1, 0, 1})
  void findsEveryEventAfterAGapOfAnyLength(long offset) throws Exception {
    StoreProbe.continueAfter(folder, 5 * MILLION + offset);
    List<EventRecord> later = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      later.add(SampleEvent.any().id("late-" + i).exec(i % 3 == 0 ? "few" : "many").record("acme"));
    }
    try (EmbeddedEventLog log = logs.open()) {
      long[] sequences = append(log, later);
      assertThat(sequences[0]).isEqualTo(5 * MILLION + offset + 1);
      for (long from : new long[] {1, head + 1, 5 * MILLION + offset, sequences[0]}) {
        EventFilter few = EventFilter.in("acme").where(Field.WORKFLOW_EXEC_ID, "few").build();
        assertThat(Logs.sequences(readAll(log, few, from)))
            .as("few, from %s", from)
            .containsExactly(sequences[0], sequences[3], sequences[6], sequences[9]);
        assertThat(readAll(log, EventFilter.in("acme").build(), from))
            .as("all, from %s", from)
            .hasSize(from == 1 ? 22 : 12);
      }
    }
  }

  @Test
  void isEmptyAfterEverythingExpired() {
    SteppedClock clock = new SteppedClock(SampleEvent.NOW);
    logs.clock(clock).retentionAge(Duration.ofDays(1));
    try (EmbeddedEventLog log = logs.openRestored()) {
      long gapEnd = log.range().head();
      clock.advance(Duration.ofDays(2));
      await().until(() -> log.range().oldest() > head);
      assertThat(log.range()).isEqualTo(new LogRange(gapEnd + 1, gapEnd));
      assertThat(
              log.read(
                  EventFilter.in("acme").build(), gapEnd + 1, (sequence, event) -> Verdict.TAKEN))
          .isGreaterThan(gapEnd);
    }
  }

  private static EventRecord event(String eventId) {
    return SampleEvent.any().id(eventId).record("acme");
  }
}
