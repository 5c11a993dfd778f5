package io.galerne.jetstream;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.jetstream.LogNode.Followed;
import io.galerne.jetstream.nats.NatsServers;
import io.galerne.server.log.Logs.Entry;
import io.galerne.server.log.SampleEvent;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes on a cluster of three servers, under load while servers die and networks break: every
/// answered event is stored once, in order, on every node.
@Timeout(240)
class ClusterFaultsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// The number of events to be answered before a fault counts as survived.
  private static final int SOME = 200;

  private static NatsServers nats;
  private static int streams;

  @TempDir static Path views;

  private final String stream = "LOG" + ++streams;

  @BeforeAll
  static void startNats(@TempDir Path folder) {
    nats = NatsServers.newerCluster(folder);
  }

  @AfterAll
  static void stopNats() {
    nats.close();
  }

  /// A fault that strikes while events are appended.
  @FunctionalInterface
  private interface Fault {
    void strike(Load load) throws Exception;
  }

  private LogNode node() {
    return new LogNode(logs().open());
  }

  private JetStreamLogs logs() {
    return JetStreamLogs.at(nats.urls(), views).stream(stream).clock(Clock.systemUTC());
  }

  @Test
  void survivesAKilledLeader() throws Exception {
    underLoad(load -> {
      int leader = leader();
      nats.kill(leader);
      awaitMore(load);
      nats.start(leader);
      nats.awaitReady();
    });
  }

  @Test
  void survivesAKilledFollower() throws Exception {
    underLoad(load -> {
      int follower = (leader() + 1) % nats.size();
      nats.kill(follower);
      awaitMore(load);
      nats.start(follower);
      nats.awaitReady();
    });
  }

  @Test
  void survivesAPausedLeader() throws Exception {
    underLoad(load -> {
      int leader = leader();
      nats.pause(leader);
      awaitMore(load);
      nats.resume(leader);
      nats.awaitReady();
    });
  }

  @Test
  void survivesALeaderThatIsCutOff() throws Exception {
    underLoad(load -> {
      int leader = leader();
      nats.cut(leader);
      nats.cutClients(leader);
      awaitMore(load);
      healAll();
    });
  }

  @Test
  void survivesALeaderThatIsCutOffFromTheOtherServersOnly() throws Exception {
    underLoad(load -> {
      int leader = leader();
      nats.cut(leader);
      awaitMore(load);
      healAll();
    });
  }

  /// Its server still answers pings, so only failing requests reveal the fault.
  @Test
  void aNodeLeavesAServerThatIsCutOffFromTheOthers() throws Exception {
    try (JetStreamEventLog log = logs().open()) {
      append(log, SampleEvent.any().record("acme"));
    }
    int leader = leader();
    for (int other = 0; other < nats.size(); other++) {
      if (other != leader) {
        nats.cutClients(other);
      }
    }
    try (LogNode node = node();
        Load load = new Load()) {
      healAll();
      nats.cut(leader);
      load.start("all", 4, 1, node::log);
      awaitMore(load);
      load.finish();
    }
  }

  /// Heals all cuts, so that a failed test does not affect the next.
  @AfterEach
  void healAll() {
    for (int server = 0; server < nats.size(); server++) {
      nats.heal(server);
      nats.healClients(server);
    }
    nats.awaitReady();
  }

  @Test
  void survivesARestartOfAllServers() throws Exception {
    underLoad(load -> {
      for (int server = 0; server < nats.size(); server++) {
        nats.stop(server);
      }
      for (int server = 0; server < nats.size(); server++) {
        nats.start(server);
      }
      nats.awaitReady();
    });
  }

  private int leader() {
    return await().atMost(PATIENCE).until(() -> nats.leaderOf(stream), leader -> leader >= 0);
  }

  private static void awaitMore(Load load) {
    int before = load.answers();
    await().atMost(PATIENCE).until(() -> load.answers() >= before + SOME);
  }

  private void underLoad(Fault fault) throws Exception {
    try (LogNode one = node();
        LogNode two = node();
        Load load = new Load()) {
      load.start("one", 4, 1, one::log);
      load.start("batches", 1, 20, one::log);
      load.start("two", 4, 1, two::log);
      awaitMore(load);
      fault.strike(load);
      awaitMore(load);
      Map<String, Long> answered = load.finish();
      System.out.printf("%s: %d answered, %d refused%n", stream, answered.size(), load.refusals());
      assertEverythingThereOnce(answered, List.of(one, two));
    }
  }

  private void assertEverythingThereOnce(Map<String, Long> answered, List<LogNode> nodes) {
    Map<Long, String> stored;
    try (JetStreamEventLog fresh = logs().open()) {
      await().atMost(PATIENCE).until(() -> fresh.health().ready());
      List<Entry> all = readAll(fresh, "acme");
      assertThat(all).extracting(Entry::sequence).isSorted().doesNotHaveDuplicates();
      assertThat(all).extracting(Entry::eventId).doesNotHaveDuplicates();
      stored = new HashMap<>();
      all.forEach(entry -> stored.put(entry.sequence(), entry.eventId()));
    }
    answered.forEach((id, sequence) -> assertThat(stored).containsEntry(sequence, id));
    for (LogNode node : nodes) {
      await().atMost(PATIENCE).until(() -> node.followed().size() >= stored.size());
      node.assertOrderly();
      Map<Long, String> followed = new HashMap<>();
      for (Followed each : node.followed()) {
        followed.put(each.sequence(), each.eventId());
      }
      assertThat(followed).isEqualTo(stored);
    }
  }

  @Test
  void survivesReopenedNodes() throws Exception {
    AtomicReference<LogNode> current = new AtomicReference<>(node());
    try (LogNode other = node();
        Load load = new Load()) {
      load.start("one", 4, 1, () -> current.get().log());
      load.start("batches", 1, 20, () -> current.get().log());
      load.start("two", 2, 1, other::log);
      for (int i = 0; i < 4; i++) {
        awaitMore(load);
        LogNode next = node();
        current.getAndSet(next).close();
      }
      awaitMore(load);
      assertEverythingThereOnce(load.finish(), List.of(other));
    } finally {
      current.get().close();
    }
  }
}
