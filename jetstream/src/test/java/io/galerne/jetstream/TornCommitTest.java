package io.galerne.jetstream;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.jetstream.nats.NatsServers;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Logs;
import io.nats.client.JetStreamApiException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Commits whose writer, here the test, died before the last message was stored.
@Timeout(60)
class TornCommitTest extends OneServerTest {
  private static final long WRITER = 4711;

  @BeforeAll
  static void startNats(@TempDir Path folder) throws Exception {
    use(NatsServers.single(folder));
  }

  /// Returns a commit on top of the log.
  private static List<CommitPart> torn(JetStreamEventLog log, int parts) {
    List<EventRecord> events = List.of(event("torn-0"), event("torn-1"), event("torn-2"));
    return Commits.parts(log.range().head() + 1, events, WRITER, parts);
  }

  private long store(List<CommitPart> parts) throws Exception {
    long last = state().getLastSequence();
    for (CommitPart part : parts) {
      last = publish(part, last);
    }
    return last;
  }

  private static List<String> ids(JetStreamEventLog log) {
    return Logs.eventIds(readAll(log, "acme"));
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "1, 3", "2, 3", "1, 5", "2, 5", "3, 5", "4, 5"})
  void isNeverShownAndTheNextCommitFollows(int stored, int of) throws Exception {
    try (LogNode node = new LogNode(log().open());
        LogNode other = new LogNode(log().open())) {
      append(node.log(), event("before"));
      store(torn(node.log(), of).subList(0, stored));
      assertThat(append(node.log(), event("after"))).containsExactly(2);

      await().until(() -> other.followed().size() == 2);
      for (LogNode each : List.of(node, other)) {
        assertThat(ids(each.log())).containsExactly("before", "after");
        assertThat(each.followed())
            .extracting(LogNode.Followed::eventId)
            .containsExactly("before", "after");
      }
    }
    try (JetStreamEventLog fresh = log().open()) {
      assertThat(ids(fresh)).containsExactly("before", "after");
    }
  }

  @Test
  void aCommitWhoseEventsAreDamagedIsSkippedByEveryNode() throws Exception {
    try (JetStreamEventLog log = log().open();
        JetStreamEventLog other = log().open()) {
      append(log, event("before"));
      byte[] damaged = torn(log, 1).getFirst().message();
      damaged[CommitPart.HEADER_BYTES + Commits.FIRST_EVENT] =
          0x7F; // the length of its first event
      publish(damaged);
      append(log, event("after"));
      append(other, event("last"));
      await().until(() -> log.range().head() == other.range().head());
      assertThat(ids(log)).isEqualTo(ids(other)).containsExactly("before", "after", "last");
    }
    try (JetStreamEventLog fresh = log().open()) {
      assertThat(ids(fresh)).containsExactly("before", "after", "last");
    }
  }

  @Test
  void cannotBeCompletedAfterAnotherCommit() throws Exception {
    try (JetStreamEventLog log = log().open()) {
      append(log, event("before"));
      List<CommitPart> parts = torn(log, 3);
      long last = store(parts.subList(0, 2));
      append(log, event("after"));

      assertThatThrownBy(() -> publish(parts.get(2), last))
          .isInstanceOf(JetStreamApiException.class);
      publish(parts.get(2).message()); // although nothing checks it
      append(log, event("last"));
      assertThat(ids(log)).containsExactly("before", "after", "last");
    }
    try (JetStreamEventLog fresh = log().open()) {
      assertThat(ids(fresh)).containsExactly("before", "after", "last");
    }
  }

  @Test
  void isNotShownToANodeThatStartsLater() throws Exception {
    try (JetStreamEventLog log = sameNode().open()) {
      append(log, event("before"));
      store(torn(log, 2).subList(0, 1));
    }
    for (JetStreamLogs node : List.of(sameNode(), log())) {
      try (JetStreamEventLog log = node.open()) {
        assertThat(log.range().head()).isEqualTo(1);
        assertThat(ids(log)).containsExactly("before");
      }
    }
    try (JetStreamEventLog log = sameNode().open()) {
      append(log, event("after"));
      assertThat(ids(log)).containsExactly("before", "after");
    }
  }

  @Test
  void isWaitedForWhileItProgresses() throws Exception {
    try (JetStreamEventLog log = log().open()) {
      append(log, event("before"));
      List<CommitPart> parts = torn(log, 3);
      long last = publish(parts.get(0), 1);
      CompletableFuture<long[]> answer = log.append(List.of(event("after")));
      last = publish(parts.get(1), last);
      publish(parts.get(2), last);

      assertThat(answer.get(20, TimeUnit.SECONDS)).containsExactly(5);
      assertThat(ids(log)).containsExactly("before", "torn-0", "torn-1", "torn-2", "after");
    }
  }

  @Test
  void itsWriterMaySendItAgain() throws Exception {
    try (JetStreamEventLog log = log().open()) {
      store(torn(log, 3).subList(0, 2));
      assertThat(append(log, event("torn-0"), event("torn-1"), event("torn-2")))
          .containsExactly(1, 2, 3);
      assertThat(ids(log)).containsExactly("torn-0", "torn-1", "torn-2");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aCommitWithAMissingMessageDoesNotCount(int missing) throws Exception {
    try (JetStreamEventLog log = log().open()) {
      append(log, event("before"));
      List<CommitPart> parts = torn(log, 3);
      for (int i = 0; i < 3; i++) {
        if (i != missing) {
          publish(parts.get(i).message());
        }
      }
      append(log, event("after"));
      assertThat(ids(log)).containsExactly("before", "after");
    }
    try (JetStreamEventLog fresh = log().open()) {
      assertThat(ids(fresh)).containsExactly("before", "after");
    }
  }

  /// Its end was stored while the node was away, and has expired with later events.
  @Test
  void isNotCompleteForANodeThatWasAwayWhileItExpired() throws Exception {
    try (LogNode node = new LogNode(JetStreamLogs.at(nats.urls(), views).stream(name).open())) {
      append(node.log(), event("before"));
      store(torn(node.log(), 3).subList(0, 2));
      nats.cutClients(0);
      try (JetStreamEventLog other = log().open()) {
        append(other, event("after"));
        append(other, event("torn-0"), event("torn-1"));
        append(other, event("last"));
        purgeBefore(6);
        nats.healClients(0);
        append(other, event("very last"));
      }
      await().until(() -> followed(node).contains("very last"));
      node.assertOrderly();
      assertThat(append(node.log(), event("last"))).containsExactly(5);
      assertThat(node.log().range().oldest()).isEqualTo(5);
    } finally {
      nats.healClients(0);
    }
  }

  private static List<String> followed(LogNode node) {
    return node.followed().stream().map(LogNode.Followed::eventId).toList();
  }
}
