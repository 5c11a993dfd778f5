package io.galerne.server.log.store;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.log.Block;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor.Verdict;
import io.galerne.server.log.Logs;
import io.galerne.server.log.RandomEvents;
import io.galerne.server.log.SampleEvent;
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
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventStoreTest {
  @TempDir private Path temporary;

  private EventStore openView() {
    return EventStore.open(
        new StoreConfig(
            temporary.resolve("view"),
            "view of a test",
            Optional.of("a log"),
            Optional.empty(),
            OptionalLong.empty(),
            Duration.ofHours(1),
            false,
            StoreConfig.defaultIndexBytes(),
            Duration.ofHours(1),
            Clock.systemUTC(),
            oldest -> {}));
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

  private static List<Block> blocks(long first, int events) {
    EventRecord[] records =
        new RandomEvents(first).records(events, "acme").toArray(EventRecord[]::new);
    return Block.cut(records, first, System.currentTimeMillis(), 0);
  }

  /// As after a backup that was restored several times, each of which leaves a gap of 2^30.
  @Test
  void readsEventsOnBothSidesOfAGapThatNoIntHolds() {
    List<Long> expected = new ArrayList<>();
    try (EventStore store = openView()) {
      long first = 1;
      for (int i = 0; i < 5; i++) {
        store.requireWritable(_ -> {});
        store.apply(blocks(first, 3), i + 1);
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

  /// The database takes a table by a second name for the same file. A crash in between leaves the first
  /// name there.
  @Test
  void doesNotWriteIntoATableThatTheDatabaseHasTaken() throws Exception {
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

  private static Path newestTable(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder.resolve("rocksdb"))) {
      return files
          .filter(file -> file.toString().endsWith(".sst"))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }
}
