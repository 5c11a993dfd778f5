package io.galerne.jetstream;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.jetstream.nats.NatsServers;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.LogOpenException;
import io.galerne.server.log.LogRange;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.Logs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logs that are opened as restored from a backup.
@Timeout(60)
class RestoredStreamTest extends OneServerTest {
  private static final long GAP = 1L << 30;

  @BeforeAll
  static void startNats(@TempDir Path folder) throws Exception {
    use(NatsServers.single(folder));
  }

  @Test
  void aRestoredLogHasANewIdOldEventsAndHigherSequences() {
    String before;
    try (JetStreamEventLog log = sameNode().open()) {
      before = log.id();
      append(log, events(1, 10));
    }
    String after;
    try (JetStreamEventLog log = sameNode().openRestored()) {
      after = log.id();
      assertThat(after).isNotEqualTo(before);
      assertThat(log.range()).isEqualTo(new LogRange(1, 10));
      assertThat(append(log, event("e11"))).containsExactly(GAP + 11);
      assertThat(append(log, event("e12"))).containsExactly(GAP + 12);
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids(1, 12));
    }
    for (JetStreamLogs node : List.of(sameNode(), log())) {
      try (JetStreamEventLog log = node.open()) {
        assertThat(log.id()).as("until the next restore").isEqualTo(after);
        assertThat(log.range()).isEqualTo(new LogRange(1, GAP + 12));
        assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids(1, 12));
      }
    }
    try (JetStreamEventLog log = log().openRestored()) {
      assertThat(log.id()).isNotEqualTo(before).isNotEqualTo(after);
      assertThat(append(log, event("e13"))).containsExactly(2 * GAP + 13);
    }
  }

  @Test
  void otherNodesRebuildTheirViews() {
    try (JetStreamEventLog log = sameNode().open()) {
      append(log, events(1, 10));
    }
    try (JetStreamEventLog restored = log().openRestored()) {
      append(restored, event("e11"));
    }
    try (JetStreamEventLog log = sameNode().open()) {
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids(1, 11));
      assertThat(append(log, event("e12"))).containsExactly(GAP + 12);
    }
  }

  /// Its relation to the stream is unknown.
  @Test
  void refusesAViewFromBeforeTheLastRestore() {
    try (JetStreamEventLog log = sameNode().open()) {
      append(log, events(1, 10));
    }
    log().openRestored().close();
    log().openRestored().close();
    assertThatThrownBy(() -> sameNode().open())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("another log");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNodeThatRunsMeanwhileRefusesAppends(boolean isBusy) {
    try (JetStreamEventLog old = log().open()) {
      append(old, events(1, 10));
      try (JetStreamEventLog restored = log().openRestored()) {
        AtomicInteger count = new AtomicInteger();
        await()
            .atMost(Duration.ofSeconds(20))
            .pollInSameThread()
            .pollInterval(Duration.ofMillis(1))
            .until(() -> {
              if (isBusy) {
                append(restored, event("busy-" + count.incrementAndGet()));
              }
              return !old.health().ready();
            });
        assertThat(old.health().detail()).contains(restored.id(), "start this node again");
        assertThatThrownBy(() -> append(old, event("e11")))
            .isInstanceOf(LogUnavailableException.class);
        append(restored, event("e11"));
      }
    }
  }

  @Test
  void aRestoredLogRecognisesRepeats() {
    List<EventRecord> events = events(1, 10);
    try (JetStreamEventLog log = log().open()) {
      append(log, events);
    }
    try (JetStreamEventLog log = log().openRestored()) {
      assertThat(append(log, events.get(3), event("e11"), events.get(9)))
          .containsExactly(4, GAP + 11, 10);
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids(1, 11));
    }
  }

  @Test
  void anEmptyLogCanBeRestored() {
    try (JetStreamEventLog log = sameNode().openRestored()) {
      assertThat(append(log, event("e1"))).containsExactly(GAP + 1);
      assertThat(Logs.eventIds(readAll(log, "acme"))).containsExactly("e1");
    }
  }

  /// A torn commit's sequences count, although no reader saw them; foreign messages have none.
  @Test
  void aRestoredLogContinuesAboveItsHighestSequence() throws Exception {
    try (JetStreamEventLog log = log().open()) {
      append(log, events(1, 10));
      publish(Commits.parts(11, events(11, 20), 1, 2).getFirst().message());
      publish(new byte[] {2, 1});
      publish(new byte[0]);
    }
    try (JetStreamEventLog log = log().openRestored()) {
      assertThat(append(log, event("e11"))).containsExactly(GAP + 21);
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids(1, 11));
    }
  }
}
