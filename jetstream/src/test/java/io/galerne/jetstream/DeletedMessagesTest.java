package io.galerne.jetstream;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.eventIds;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.jetstream.nats.NatsServers;
import io.galerne.server.Seed;
import io.galerne.server.log.LogOpenException;
import io.galerne.server.log.LogRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams that others than nodes changed: they deleted, purged or published messages.
@Timeout(60)
class DeletedMessagesTest extends OneServerTest {
  @BeforeAll
  static void startNats(@TempDir Path folder) throws Exception {
    use(NatsServers.single(folder));
  }

  private static List<String> ids(JetStreamEventLog log) {
    return eventIds(readAll(log, "acme"));
  }

  /// Appends each event in its own commit, so that event N is message N.
  private static void appendEach(JetStreamEventLog log, int first, int last) {
    events(first, last).forEach(event -> append(log, event));
  }

  // ---- deleted

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void keepsTheOtherMessages(int deleted) throws Exception {
    try (JetStreamEventLog log = sameNode().open()) {
      appendEach(log, 1, 5);
    }
    delete(deleted);
    List<String> left = ids(1, 5);
    left.remove("e" + deleted);
    try (JetStreamEventLog log = log().open()) {
      assertThat(ids(log)).isEqualTo(left);
      assertThat(log.range().oldest()).isEqualTo(deleted == 1 ? 2 : 1);
      assertThat(append(log, event("e6"))).containsExactly(6);
    }
    try (JetStreamEventLog log = sameNode().open()) {
      assertThat(ids(log)).as("what was applied before").containsAll(left).contains("e6");
      assertThat(log.range().head()).isEqualTo(6);
    }
  }

  /// The large event is in messages 2 to 5.
  @ParameterizedTest
  @ValueSource(longs = {2, 3, 5})
  void aCommitWithADeletedMessageIsDroppedAndTheOthersStay(long deleted) throws Exception {
    try (JetStreamEventLog log = sameNode().open()) {
      append(log, event("e1"));
      append(log, large("e2", 3 << 20));
      append(log, event("e3"));
      assertThat(state().getLastSequence()).isEqualTo(6);
    }
    delete(deleted);
    try (JetStreamEventLog log = log().open()) {
      assertThat(ids(log)).containsExactly("e1", "e3");
      assertThat(append(log, event("e4"))).containsExactly(4);
    }
    try (JetStreamEventLog log = sameNode().open()) {
      assertThat(ids(log)).containsExactly("e1", "e2", "e3", "e4");
    }
  }

  /// A node that has applied the deleted messages knows their sequences.
  @Test
  void onlyANodeThatAppliedADeletedEndCanAppendAfterIt() throws Exception {
    try (JetStreamEventLog log = sameNode().open()) {
      appendEach(log, 1, 3);
      delete(2);
      delete(3);
      assertThatThrownBy(() -> log().open())
          .isInstanceOf(LogOpenException.class)
          .hasMessageContaining("The messages 2 to 3 of the NATS stream " + name + " were deleted")
          .hasMessageContaining("`afterRestore`");
      assertThat(append(log, event("e4"))).containsExactly(4);
    }
    try (JetStreamEventLog log = log().open()) {
      assertThat(ids(log)).containsExactly("e1", "e4");
    }
    try (JetStreamEventLog log = sameNode().open()) {
      assertThat(ids(log)).isEqualTo(ids(1, 4));
    }
  }

  @Test
  void aNodeWithoutAViewRefusesAnEmptiedStream() throws Exception {
    try (JetStreamEventLog log = sameNode().open()) {
      appendEach(log, 1, 3);
    }
    purgeBefore(4);
    assertThatThrownBy(() -> log().open())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining("The messages 1 to 3 of the NATS stream " + name + " were deleted");
    assertThatThrownBy(() -> log().openRestored())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining("delete it, and let Galerne create it");
    try (JetStreamEventLog log = sameNode().open()) {
      assertThat(append(log, event("e4"))).containsExactly(4);
    }
    try (JetStreamEventLog log = log().open()) {
      assertThat(log.range()).isEqualTo(new LogRange(4, 4));
    }
  }

  // ---- purged

  @ParameterizedTest
  @ValueSource(longs = {2, 50, 100})
  void allowsAPurgeOfTheOldestWhileNoNodeRuns(long from) throws Exception {
    try (JetStreamEventLog log = sameNode().open()) {
      appendEach(log, 1, 100);
    }
    purgeBefore(from);
    for (JetStreamLogs node : List.of(log(), sameNode())) {
      try (JetStreamEventLog log = node.open()) {
        await().until(() -> log.range().equals(new LogRange(from, 100)));
        assertThat(ids(log)).isEqualTo(ids((int) from, 100));
      }
    }
  }

  @Test
  void allowsAPurgeWhileANodeRuns() throws Exception {
    try (JetStreamEventLog log = log().open()) {
      appendEach(log, 1, 100);
      purgeBefore(50);
      await().atMost(Duration.ofSeconds(20)).until(() -> log.range().oldest() == 50);
      assertThat(ids(log)).isEqualTo(ids(50, 100));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 4, 5})
  void aPurgeThatTearsACommitAffectsNoOther(long from) throws Exception {
    try (JetStreamEventLog log = log().open()) {
      append(log, event("e1"));
      append(log, large("e2", 3 << 20)); // the messages 2 to 5
      append(log, event("e3"));
    }
    purgeBefore(from);
    try (JetStreamEventLog log = log().open()) {
      assertThat(ids(log)).containsExactly("e3");
      assertThat(log.range()).isEqualTo(new LogRange(3, 3));
    }
  }

  /// No message is left to verify that the stream is the same.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void appendsAfterItsLastMessageWasPurgedWhileItWasAway(boolean isFollowedByAnother)
      throws Exception {
    try (JetStreamEventLog away = JetStreamLogs.at(nats.urls(), views).stream(name).open()) {
      appendEach(away, 1, 3);
      nats.cutClients(0);
      if (isFollowedByAnother) {
        try (JetStreamEventLog other = log().open()) {
          append(other, event("e4"));
        }
      }
      purgeBefore(4);
      nats.healClients(0);
      await()
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptions()
          .until(() -> append(away, event("last"))[0] == (isFollowedByAnother ? 5 : 4));
    } finally {
      nats.healClients(0);
    }
  }

  /// Servers treat a purge before the first message as a purge of everything.
  @Test
  void aPurgeOfNothingDeletesNothing() throws Exception {
    try (JetStreamEventLog log = log().open();
        Cluster cluster = Cluster.connect(NatsAccess.to(nats.urls()))) {
      appendEach(log, 1, 3);
      LogStream stream = new LogStream(cluster, name, StreamIdentity.fresh());
      stream.purgeBefore(0);
      stream.purgeBefore(1);
      assertThat(state().getMsgCount()).isEqualTo(3);
      stream.purgeBefore(2);
      assertThat(state().getFirstSequence()).isEqualTo(2);
    }
  }

  // ---- published by others

  @Test
  void skipsMessagesThatAreNotCommits() throws Exception {
    Random random = Seed.random("skipsMessagesThatAreNotCommits");
    try (JetStreamEventLog log = log().open();
        JetStreamEventLog other = sameNode().open()) {
      for (int i = 1; i <= 30; i++) {
        byte[] garbage = new byte[random.nextInt(100)];
        random.nextBytes(garbage);
        if (garbage.length > 0) {
          garbage[0] = (byte) (2 + i % 2); // often our version
        }
        publish(garbage);
        append(i % 3 == 0 ? other : log, event("e" + i));
      }
      await().until(() -> other.range().equals(log.range()));
      for (JetStreamEventLog node : List.of(log, other)) {
        assertThat(ids(node)).isEqualTo(ids(1, 30));
      }
    }
    for (JetStreamLogs node : List.of(log(), sameNode())) {
      try (JetStreamEventLog log = node.open()) {
        assertThat(ids(log)).isEqualTo(ids(1, 30));
      }
    }
  }

  @Test
  void skipsCommitsWithoutBlocks() throws Exception {
    List<CommitPart> commit = Commits.parts(3, events(3, 4), 7, 1);
    byte[] whole = commit.getFirst().message();
    List<byte[]> broken = new ArrayList<>();
    for (int cut : new int[] {CommitPart.HEADER_BYTES + 1, whole.length / 2, whole.length - 1}) {
      broken.add(Arrays.copyOf(whole, cut));
    }
    try (JetStreamEventLog log = log().open()) {
      appendEach(log, 1, 2);
      for (byte[] message : broken) {
        publish(message);
      }
      appendEach(log, 3, 5);
      assertThat(ids(log)).isEqualTo(ids(1, 5));
    }
    try (JetStreamEventLog log = log().open()) {
      assertThat(ids(log)).isEqualTo(ids(1, 5));
    }
  }
}
