package io.galerne.server.log.store;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.server.log.Block;
import io.galerne.server.log.Commit;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor.Verdict;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.Logs;
import io.galerne.server.log.PendingAppend;
import io.galerne.server.log.RandomEvents;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.SteppedClock;
import io.galerne.server.log.embedded.EmbeddedEventLog;
import io.galerne.server.log.embedded.EmbeddedLogs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventStoreTest {
  @TempDir private Path temporary;

  private EventStore openView() {
    return openView(Clock.systemUTC());
  }

  private EventStore openView(Clock clock) {
    return EventStore.open(
        StoreConfig.builder(temporary.resolve("view"))
            .retentionAge(Optional.empty())
            .repeatWindow(Duration.ofHours(1))
            .clock(clock)
            .build(),
        "view of a test",
        Optional.of("a log"));
  }

  private static List<Long> sequences(EventStore store) {
    List<Long> found = new ArrayList<>();
    long next = 1;
    while (next <= store.head()) {
      next =
          store.read(
              EventFilter.in("acme").build(),
              next,
              (sequence, event) -> {
                found.add(sequence);
                return Verdict.TAKEN;
              });
    }
    return found;
  }

  private static void apply(EventStore store, List<Block> blocks, long position) {
    List<EventRecord> events = blocks.stream().flatMap(block -> Stream.of(block.events())).toList();
    store.apply(blocks, events, position);
  }

  private static List<Block> blocks(long first, int events) {
    EventRecord[] records =
        new RandomEvents(first).records(events, "acme").toArray(EventRecord[]::new);
    return Block.cut(records, first, System.currentTimeMillis(), 0);
  }

  /// As after several restores from backups, each of which leaves a gap of 2^30.
  @Test
  void readsAcrossGapsLargerThanAnInt() {
    List<Long> expected = new ArrayList<>();
    try (EventStore store = openView()) {
      long first = 1;
      for (int i = 0; i < 5; i++) {
        store.requireWritable(_ -> {});
        apply(store, blocks(first, 3), i + 1);
        expected.addAll(List.of(first, first + 1, first + 2));
        assertThat(sequences(store)).isEqualTo(expected);
        first += (i + 1) * EventStore.RESTORE_GAP + 3;
      }
    }
    try (EventStore store = openView()) {
      assertThat(sequences(store)).isEqualTo(expected);
      assertThat(store.position()).isEqualTo(5);
    }
  }

  /// The database ingests a table by a hard link. A crash right after that leaves the original
  /// name.
  @Test
  void doesNotOverwriteAnIngestedTable() throws Exception {
    Path folder = temporary.resolve("log");
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      try (EmbeddedEventLog log = EmbeddedLogs.in(folder).open()) {
        assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(expected);
        EventRecord event = SampleEvent.any().id("event-" + i).record("acme");
        append(log, event);
        expected.add("event-" + i);
      }
      Files.createLink(folder.resolve("new-table"), newestTable(folder));
    }
    try (EmbeddedEventLog log = EmbeddedLogs.in(folder).open()) {
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(expected);
    }
  }

  /// A failed write may be on disk. Here it is.
  @Test
  void showsEventsThatAFailedWriteDidStore() {
    try (EventStore store = openView()) {
      store.requireWritable(_ -> {});
      apply(store, blocks(1, 3), 1);
      List<EventRecord> tooFew = List.of(blocks(4, 2).getFirst().events());
      assertThatThrownBy(() -> store.apply(blocks(4, 5), tooFew, 2))
          .isInstanceOf(LogUnavailableException.class);

      List<Commit> survived = new ArrayList<>();
      await()
          .ignoreExceptionsInstanceOf(LogUnavailableException.class)
          .until(() -> {
            store.requireWritable(survived::add);
            return !survived.isEmpty();
          });
      assertThat(survived).extracting(Commit::firstSequence).containsExactly(4L);
      assertThat(survived).extracting(Commit::size).containsExactly(5);
      assertThat(store.position()).isEqualTo(2);
      assertThat(sequences(store)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    }
  }

  @Test
  void recognisesIdsIfAnotherNodesClockIsAhead() {
    SteppedClock clock = new SteppedClock(SampleEvent.NOW);
    try (EventStore store = openView(clock)) {
      store.requireWritable(_ -> {});
      EventRecord first = SampleEvent.any().id("first").record("acme");
      apply(store, blocks(1, clock.millis(), first), 1);
      long ahead = clock.millis() + Duration.ofDays(10).toMillis();
      apply(store, blocks(2, ahead, SampleEvent.any().id("ahead").record("acme")), 2);

      assertThat(answer(store, first)).containsExactly(1);
    }
  }

  private static long[] answer(EventStore store, EventRecord event) {
    PendingAppend append = new PendingAppend(List.of(event), store.idKey());
    store.draft(List.of(append)).answer();
    return append.sequences().join();
  }

  private static List<Block> blocks(long first, long millis, EventRecord event) {
    return Block.cut(new EventRecord[] {event}, first, millis, 0);
  }

  private static Path newestTable(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder.resolve("rocksdb"))) {
      return files
          .filter(file -> file.toString().endsWith(".sst"))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }
}
