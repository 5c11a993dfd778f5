package io.galerne.server.log.jetstream;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Logs;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.nats.NatsServers;
import io.nats.client.JetStreamApiException;
import io.nats.client.PublishOptions;
import io.nats.client.PurgeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Batches whose writer died before the last message was stored: here, the test is that writer.
@Timeout(60)
class BrokenBatchTest extends OneServerTest {
  private final Subjects subjects = new Subjects(name);

  @BeforeAll
  static void startNats(@TempDir Path folder) throws Exception {
    use(NatsServers.single(folder));
  }

  private static EventRecord event(String id) {
    return SampleEvent.any().id(id).record("acme");
  }

  /// Messages of a batch of so many events.
  private static List<StoredMessage> batch(int count) {
    List<EventRecord> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(event("torn-" + i));
    }
    return Batches.of(events, 1 << 20, SampleEvent.NOW.toEpochMilli());
  }

  /// Publishes a message that expects this to be the stream's last sequence.
  private long publish(StoredMessage message, long last) throws Exception {
    return publish(subjects.of(event("any")), message.data(), last);
  }

  private static long publish(String subject, byte[] data, long last)
      throws IOException, JetStreamApiException {
    PublishOptions expecting = PublishOptions.builder().expectedLastSequence(last).build();
    return client.jetStream().publish(subject, data, expecting).getSeqno();
  }

  private long tear(JetStreamEventLog log, int stored, int of) throws Exception {
    long last = log.range().head();
    for (StoredMessage message : batch(of).subList(0, stored)) {
      last = publish(message, last);
    }
    return last;
  }

  private static List<String> ids(JetStreamEventLog log) {
    return Logs.eventIds(readAll(log, "acme"));
  }

  @Test
  void isNeverShownAndEndsWithTheNextAppend() throws Exception {
    try (JetStreamEventLog log = openWithoutMemory();
        LogNode other = new LogNode(openWithoutMemory())) {
      append(log, event("before"));
      long torn = tear(log, 2, 5);
      long after = append(log, event("after"))[0];

      assertThat(after).isGreaterThan(torn);
      assertThat(ids(log)).containsExactly("before", "after");
      await().until(() -> other.followed().size() == 2);
      assertThat(ids(other.log())).containsExactly("before", "after");
      assertThat(other.followed())
          .extracting(LogNode.Followed::eventId)
          .containsExactly("before", "after");
    }
    try (JetStreamEventLog fresh = openWithoutMemory()) {
      assertThat(ids(fresh)).containsExactly("before", "after");
    }
  }

  @Test
  void leavesNothingInTheStreamAndCannotBecomeWholeAnyMore() throws Exception {
    try (JetStreamEventLog log = openWithoutMemory()) {
      append(log, event("before"));
      long torn = tear(log, 2, 3);
      append(log, event("after"));

      assertThatThrownBy(() -> publish(batch(3).getLast(), torn))
          .isInstanceOf(JetStreamApiException.class);
      for (long gone = torn - 1; gone <= torn; gone++) {
        long sequence = gone;
        assertThatThrownBy(() -> client.jetStreamManagement().getMessage(name, sequence))
            .isInstanceOf(JetStreamApiException.class);
      }
    }
  }

  @Test
  void isNotShownToANodeThatStartsBehindIt() throws Exception {
    try (JetStreamEventLog log = openWithoutMemory()) {
      append(log, event("before"));
      tear(log, 1, 2);
    }
    try (JetStreamEventLog log = openWithoutMemory()) {
      assertThat(log.range().head()).isEqualTo(1);
      assertThat(ids(log)).containsExactly("before");
      append(log, event("after"));
      assertThat(ids(log)).containsExactly("before", "after");
    }
  }

  @Test
  void isWaitedForWhileItIsComingIn() throws Exception {
    try (JetStreamEventLog log = openWithoutMemory()) {
      append(log, event("before"));
      List<StoredMessage> messages = batch(3);
      long last = log.range().head();
      last = publish(messages.get(0), last);
      var answer = log.append(List.of(event("after")));
      last = publish(messages.get(1), last);
      publish(messages.get(2), last);

      answer.get();
      assertThat(ids(log)).containsExactly("before", "torn-0", "torn-1", "torn-2", "after");
    }
  }

  @Test
  void mayBeSentAgainByItsWriter() throws Exception {
    try (JetStreamEventLog log = openWithoutMemory()) {
      tear(log, 2, 3);
      append(log, List.of(event("torn-0"), event("torn-1"), event("torn-2")));
      assertThat(ids(log)).containsExactly("torn-0", "torn-1", "torn-2");
    }
  }

  @Test
  void isDeletedByTheNextWhereWhoFencedItOffDiedBeforeDeleting() throws Exception {
    try (JetStreamEventLog log = openWithoutMemory()) {
      append(log, event("before"));
      long torn = tear(log, 2, 5);
      publish(subjects.fence(), new Fence(torn - 1, torn).write(), torn);
    }
    try (JetStreamEventLog log = openWithoutMemory()) {
      assertThat(ids(log)).containsExactly("before");
      append(log, event("after"));
      assertThat(ids(log)).containsExactly("before", "after");
    }
  }

  /// A fence's numbers are those of the log before the restore.
  @Test
  void isDeletedAndNothingElseWhereTheLogWasPutBackFromABackup() throws Exception {
    try (JetStreamEventLog log = openWithoutMemory()) {
      append(log, event("first"));
      append(log, event("before"));
      long torn = tear(log, 2, 5);
      publish(subjects.fence(), new Fence(torn - 1, torn).write(), torn);
    }
    try (JetStreamEventLog log = log().recentBytes(0).openRestored()) {
      append(log, event("after"));
      assertThat(ids(log)).containsExactly("first", "before", "after");
      assertThat(client.jetStreamManagement().getStreamInfo(name).getStreamState().getMsgCount())
          .as("the events and the fence")
          .isEqualTo(4);
    }
  }

  /// Its fence is gone too, by the time the node is back.
  @Test
  void isNotTakenForWholeByANodeThatWasAwayWhileItExpired() throws Exception {
    try (LogNode node =
        new LogNode(JetStreamLogs.at(nats.urls()).stream(name).recentBytes(0).open())) {
      append(node.log(), event("before"));
      tear(node.log(), 2, 3);
      await().pollInSameThread().until(() -> isAllDelivered(client, name));
      nats.cutClients(0);
      try (JetStreamEventLog other = openWithoutMemory()) {
        append(other, event("after"));
        append(other, event("torn-0"), event("torn-1"));
        append(other, event("last"));
        client.jetStreamManagement().purgeStream(name, PurgeOptions.builder().sequence(6).build());
        nats.healClients(0);
        append(other, event("very last"));
      }
      await().atMost(Duration.ofSeconds(20)).until(() -> ids(node).contains("very last"));
      node.assertOrderly();
      assertThat(append(node.log(), event("torn-0"))).containsExactly(6);
    } finally {
      nats.healClients(0);
    }
  }

  private static List<String> ids(LogNode node) {
    return node.followed().stream().map(LogNode.Followed::eventId).toList();
  }

  @Test
  void whatComesWithoutItsBeginningIsNone() throws Exception {
    try (JetStreamEventLog log = openWithoutMemory()) {
      append(log, event("before"));
      long last = log.range().head();
      for (StoredMessage message : batch(4).subList(2, 4)) {
        last = publish(message, last);
      }
      append(log, event("after"));
      assertThat(ids(log)).containsExactly("before", "after");
    }
    try (JetStreamEventLog fresh = openWithoutMemory()) {
      assertThat(ids(fresh)).containsExactly("before", "after");
    }
  }
}
