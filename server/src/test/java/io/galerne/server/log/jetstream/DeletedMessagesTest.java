package io.galerne.server.log.jetstream;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.eventIds;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.nats.NatsServers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A batch of which an operator has deleted some messages, for nodes that start after that: the others
/// are not taken for the beginning of a batch that broke.
@Timeout(60)
class DeletedMessagesTest extends OneServerTest {
  @BeforeAll
  static void startNats(@TempDir Path folder) throws Exception {
    use(NatsServers.single(folder));
  }

  private static EventRecord event(String id) {
    return SampleEvent.any().id(id).record("acme");
  }

  private static List<String> ids(JetStreamEventLog log) {
    return eventIds(readAll(log, "acme"));
  }

  /// Appends a batch whose events have the sequences 2 to 6.
  private static List<String> appendBatch(JetStreamEventLog log) {
    append(log, event("e1"));
    append(log, event("e2"), event("e3"), event("e4"), event("e5"), event("e6"));
    return new ArrayList<>(List.of("e1", "e2", "e3", "e4", "e5", "e6"));
  }

  private void delete(String sequences, List<String> events) throws Exception {
    for (String sequence : sequences.split(" ")) {
      client.jetStreamManagement().deleteMessage(name, Long.parseLong(sequence));
      events.remove("e" + sequence);
    }
  }

  /// Where the batch is the last one, and where there is another behind it.
  @ParameterizedTest
  @CsvSource({
    "6, 2",
    "6, 4",
    "6, 2 3",
    "6, 3 4 5",
    "6, 2 4 6",
    "9, 2",
    "9, 4",
    "9, 6",
    "9, 2 3",
    "9, 5 6",
    "9, 2 4 6",
    "9, 6 7",
  })
  void theOthersStay(int last, String sequences) throws Exception {
    List<String> left;
    try (JetStreamEventLog log = openWithoutMemory()) {
      left = appendBatch(log);
      if (last == 9) {
        append(log, event("e7"), event("e8"), event("e9"));
        left.addAll(List.of("e7", "e8", "e9"));
      }
    }
    delete(sequences, left);
    try (JetStreamEventLog log = openWithoutMemory()) {
      assertThat(ids(log)).isEqualTo(left);
      assertThat(append(log, event("next"))).containsExactly(last + 1L);
      left.add("next");
      assertThat(ids(log)).isEqualTo(left);
    }
  }

  /// A node that starts reads the index of one segment, and goes on in the middle of the batch.
  @ParameterizedTest
  @ValueSource(longs = {Segment.SEQUENCES, Segment.SEQUENCES + 1, Segment.SEQUENCES + 2})
  void theOthersStayWhereABatchIsPartlyInTheIndex(long deleted) throws Exception {
    List<EventRecord> events = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (int i = 1; i <= Segment.SEQUENCES + 100; i++) {
      events.add(event("e" + i));
      left.add("e" + i);
    }
    try (JetStreamEventLog log = openWithoutMemory()) {
      append(log, events.subList(0, 4_000));
      append(log, events.subList(4_000, events.size()));
      await().pollInSameThread().until(() -> segments() == 1);
    }
    delete(Long.toString(deleted), left);
    try (JetStreamEventLog log = openWithoutMemory()) {
      assertThat(ids(log)).isEqualTo(left);
    }
  }

  private long segments() throws Exception {
    return client
        .jetStreamManagement()
        .getStreamInfo(name + "_INDEX")
        .getStreamState()
        .getMsgCount();
  }

  /// So many events that the cluster looks for them, and a large one of four messages.
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 3})
  void anEventOfWhichAPartIsGoneIsNotReadByANodeThatHasSeenIt(long part) throws Exception {
    List<String> left = new ArrayList<>();
    List<EventRecord> events = new ArrayList<>();
    for (int i = 0; i < 2 * Tally.FEW; i++) {
      events.add(event("e" + i));
      left.add("e" + i);
    }
    try (JetStreamEventLog log = openWithoutMemory()) {
      append(log, events);
      long large = append(log, large(), event("after"))[0];
      left.add("after");
      client.jetStreamManagement().deleteMessage(name, large + part);
      assertThat(ids(log)).isEqualTo(left);
    }
    try (JetStreamEventLog log = openWithoutMemory()) {
      append(log, event("last"));
      left.add("last");
      assertThat(ids(log)).isEqualTo(left);
    }
  }

  private static EventRecord large() {
    return SampleEvent.any().id("large").text("padding", "x".repeat(3 << 20)).record("acme");
  }

  /// The large event has the sequences 3 to 6.
  @ParameterizedTest
  @ValueSource(longs = {3, 4, 6})
  void anEventOfWhichAPartIsGoneIsGoneAndTheOthersStay(long part) throws Exception {
    try (JetStreamEventLog log = openWithoutMemory()) {
      append(log, event("e1"));
      append(log, event("e2"), large(), event("e7"));
      assertThat(log.range().head()).isEqualTo(7);
    }
    client.jetStreamManagement().deleteMessage(name, part);
    try (JetStreamEventLog log = openWithoutMemory()) {
      assertThat(append(log, event("e8"))).containsExactly(8);
      assertThat(ids(log)).containsExactly("e1", "e2", "e7", "e8");
    }
  }
}
