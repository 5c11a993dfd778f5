package io.galerne.server.log.jetstream;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.eventIds;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.LogUnreachableException;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.nats.NatsServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Servers that have lost what they answered, as those that all lose power at once may: here, an older
/// state of the disk comes back.
@Timeout(60)
class LostEventsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  private static EventRecord event(String id) {
    return SampleEvent.any().id(id).record("acme");
  }

  @Test
  void aNodeThatHasSeenMoreTakesNothingMoreAndSaysWhatToDo() throws Exception {
    Path store = folder.resolve("n0/store");
    Path older = folder.resolve("older");
    try (NatsServers nats = NatsServers.single(folder);
        JetStreamEventLog log = JetStreamLogs.at(nats.urls()).open()) {
      append(log, event("kept"));
      nats.stop(0);
      copy(store, older);
      nats.start(0);
      await().atMost(PATIENCE).until(() -> log.health().ready() && tryAppend(log, event("lost")));
      nats.stop(0);
      delete(store);
      copy(older, store);
      nats.start(0);

      await().atMost(PATIENCE).until(() -> log.health().detail().contains("--after-restore"));
      assertThat(log.health().ready()).isFalse();
      assertThat(log.health().detail()).contains("ends at 1 and once held 2");
      assertThatThrownBy(() -> append(log, event("more")))
          .isInstanceOf(LogUnreachableException.class)
          .hasMessageContaining("--after-restore");
      try (JetStreamEventLog restored = JetStreamLogs.at(nats.urls()).openRestored()) {
        assertThat(restored.id()).isNotEqualTo(log.id());
        long more = append(restored, event("more"))[0];
        assertThat(more).isGreaterThan(1L << 30);
        assertThat(eventIds(readAll(restored, "acme"))).containsExactly("kept", "more");
      }
    }
  }

  private static boolean tryAppend(JetStreamEventLog log, EventRecord event) {
    try {
      append(log, event);
      return true;
    } catch (LogUnreachableException e) {
      return false; // not connected again yet
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(each);
      }
    }
  }
}
