package io.galerne.jetstream;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.eventIds;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.jetstream.nats.NatsServers;
import io.galerne.server.RunningServer;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventVisitor.Verdict;
import io.galerne.server.log.Health;
import io.galerne.server.log.LogOpenException;
import io.galerne.server.log.LogRange;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.LogUnreachableException;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.SteppedClock;
import io.galerne.server.log.store.StoreConfig;
import java.io.File;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A node's view in its folder: it continues from there, and rebuilds it if it is gone.
@Timeout(60)
class ViewTest extends OneServerTest {
  private static final Duration DAY = Duration.ofDays(1);

  @BeforeAll
  static void startNats(@TempDir Path folder) throws Exception {
    use(NatsServers.single(folder));
  }

  private static List<String> ids(EventLog log) {
    return eventIds(readAll(log, "acme"));
  }

  private static void deleteFolder(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }

  @Test
  void aNodeContinuesWhereItWas() {
    try (JetStreamEventLog log = sameNode().open()) {
      append(log, events(1, 100));
    }
    try (JetStreamEventLog other = log().open()) {
      append(other, events(101, 200));
    }
    try (JetStreamEventLog log = sameNode().open()) {
      assertThat(ids(log)).isEqualTo(ids(1, 200));
      assertThat(append(log, event("e150"), event("e201"))).containsExactly(150, 201);
    }
  }

  @Test
  void rebuildsADeletedView() throws Exception {
    List<String> before;
    try (JetStreamEventLog log = sameNode().open()) {
      append(log, events(1, 100));
      append(log, large("e101", 3 << 20));
      before = ids(log);
    }
    deleteFolder(views.resolve(name));
    try (JetStreamEventLog log = sameNode().open()) {
      assertThat(log.health()).isEqualTo(Health.READY);
      assertThat(ids(log)).isEqualTo(before);
      assertThat(append(log, event("e50"))).containsExactly(50);
    }
  }

  /// Its folder is as an old crash left it.
  @Test
  void anOldViewCatchesUpExactlyOnce() throws Exception {
    Path copy = views.resolve(name + "-copy");
    try (JetStreamEventLog log = sameNode().open()) {
      append(log, events(1, 100));
    }
    copy(views.resolve(name), copy);
    try (JetStreamEventLog log = sameNode().open()) {
      for (int i = 101; i <= 150; i++) {
        append(log, event("e" + i));
      }
      append(log, large("e151", 3 << 20));
    }
    try (JetStreamEventLog log = log().node(name + "-copy").open()) {
      assertThat(ids(log)).isEqualTo(ids(1, 151));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  /// Other nodes have expired and deleted the messages that it would have read next.
  @Test
  void aNodeThatWasAwayTooLongContinuesWithTheRemainingStream() throws Exception {
    SteppedClock clock = new SteppedClock(SampleEvent.NOW);
    try (JetStreamEventLog log = sameNode().clock(clock).retentionAge(DAY).open()) {
      append(log, events(1, 10));
    }
    try (JetStreamEventLog other = log().clock(clock).retentionAge(DAY).open()) {
      append(other, events(11, 20));
      clock.advance(DAY.plusSeconds(1));
      append(other, events(21, 30));
      await().until(() -> other.range().oldest() == 21);
      await().pollInSameThread().until(() -> state().getFirstSequence() == 3);
    }
    try (JetStreamEventLog log = sameNode().clock(clock).retentionAge(DAY).open()) {
      assertThat(log.range()).isEqualTo(new LogRange(21, 30));
      assertThat(ids(log)).isEqualTo(ids(21, 30));
      assertThat(append(log, event("e31"))).containsExactly(31);
    }
  }

  @Test
  void eventsExpireOnAllNodes() {
    SteppedClock clock = new SteppedClock(SampleEvent.NOW);
    try (JetStreamEventLog log = log().open();
        JetStreamEventLog expiring = log().clock(clock).retentionAge(DAY).open()) {
      append(expiring, events(1, 10));
      clock.advance(DAY.plusSeconds(1));
      append(expiring, events(11, 20));
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(log.range()).isEqualTo(new LogRange(11, 20)));
      assertThat(ids(log)).isEqualTo(ids(11, 20));
    }
  }

  /// Sequences would be assigned twice if the stream lost the newest.
  @Test
  void theNewestCommitStaysInTheStreamEvenIfExpired() throws Exception {
    SteppedClock clock = new SteppedClock(SampleEvent.NOW);
    try (JetStreamEventLog log = log().clock(clock).retentionAge(DAY).open()) {
      for (int i = 1; i <= 20; i++) {
        append(log, event("e" + i));
      }
      append(log, large("e21", 3 << 20)); // four messages
      clock.advance(DAY.plusSeconds(1));
      await().until(() -> log.range().equals(new LogRange(22, 21)));
      await().pollInSameThread().until(() -> state().getMsgCount() == 4);
    }
    try (JetStreamEventLog log = log().clock(clock).retentionAge(DAY).open()) {
      assertThat(log.range()).isEqualTo(new LogRange(22, 21));
      assertThat(append(log, event("e22"))).containsExactly(22);
    }
  }

  @Test
  void refusesAFolderOfAnotherStream() {
    sameNode().open().close();
    assertThatThrownBy(() -> log().node(name).stream(name + "B").open())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining(views.resolve(name).toString())
        .hasMessageContaining("view of the NATS stream " + name);
  }

  @Test
  void refusesAFolderOfARecreatedStream() throws Exception {
    sameNode().open().close();
    client.jetStreamManagement().deleteStream(name);
    assertThatThrownBy(() -> sameNode().open())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining(views.resolve(name).toString())
        .hasMessageContaining("another log");
  }

  @Test
  void refusesAFolderThatAnotherNodeUses() {
    try (JetStreamEventLog log = sameNode().open()) {
      append(log, event("e1"));
      assertThatThrownBy(() -> sameNode().open())
          .isInstanceOf(LogOpenException.class)
          .hasMessageContaining("is in use");
    }
  }

  /// Until then, it refuses requests rather than answer from half of the log.
  @Test
  void aNodeThatCatchesUpReportsItsProgressAndServesNoClient() throws Exception {
    log().open().close(); // creates the stream
    for (int i = 0; i < 80; i++) {
      publish(Commits.parts(1 + i, List.of(large("e" + i, 900_000)), 7, 1).getFirst().message());
    }
    CountDownLatch applying = new CountDownLatch(1);
    CountDownLatch hold = new CountDownLatch(1);
    JetStreamLogConfig config =
        JetStreamLogConfig.builder(
                NatsAccess.to(List.of(nats.directUrl(0))),
                StoreConfig.builder(views.resolve(name)).retentionAge(Optional.empty()).build())
            .stream(name)
            .build();
    try (JetStreamEventLog log =
        JetStreamEventLog.open(
            config,
            commit -> {
              applying.countDown();
              awaitOpened(hold);
            })) {
      assertThat(applying.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(log.health().ready()).isFalse();
      assertThat(log.health().detail())
          .contains("This node is catching up")
          .contains(" of 80 messages of the NATS stream are applied");
      EventFilter all = EventFilter.in("acme").build();
      assertThatThrownBy(() -> log.read(all, 1, (sequence, event) -> Verdict.TAKEN))
          .isInstanceOf(LogUnreachableException.class)
          .hasMessageContaining("catching up");
      assertThat(log.rangeAt(1)).isCompletedExceptionally();
      assertThatThrownBy(() -> append(log, event("early")))
          .isInstanceOf(LogUnavailableException.class)
          .hasMessageContaining("catching up");
      try (RunningServer server = RunningServer.start(RunningServer.config(), log)) {
        for (String path : List.of("/health/ready", RunningServer.LIST, RunningServer.STREAM)) {
          HttpResponse<String> answer = server.get(path);
          assertThat(answer.statusCode()).as(path).isEqualTo(503);
          assertThat(answer.body()).contains(" of 80 messages of the NATS stream are applied");
        }
        hold.countDown();
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> server.get("/health/ready").statusCode() == 200);
        assertThat(readAll(log, "acme")).hasSize(80);
        assertThat(append(log, event("late"))).containsExactly(81);
      }
    } finally {
      hold.countDown();
    }
  }

  /// Delays the node, but not long enough to consider the cluster unreachable.
  private static void awaitOpened(CountDownLatch latch) {
    try {
      if (!latch.await(3, TimeUnit.SECONDS)) {
        return; // the next one is delayed too
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
