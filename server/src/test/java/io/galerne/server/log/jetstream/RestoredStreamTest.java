package io.galerne.server.log.jetstream;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.server.Seed;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import io.galerne.server.log.LogRange;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.Logs;
import io.galerne.server.log.Logs.Entry;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.nats.NatsServers;
import io.nats.client.JetStreamApiException;
import io.nats.client.PurgeOptions;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams to which something has happened that no node did: a backup was put back, an operator purged,
/// somebody published into them. And events that are larger than a message.
@Timeout(60)
class RestoredStreamTest extends OneServerTest {
  private static final EventFilter ALL = EventFilter.in("acme").build();
  private static final long GAP = 1L << 30;
  private static final int MEGABYTE = 1 << 20;

  @BeforeAll
  static void startNats(@TempDir Path folder) throws Exception {
    use(NatsServers.single(folder));
  }

  private static EventRecord event(String id) {
    return SampleEvent.any().id(id).record("acme");
  }

  private static EventRecord large(String id, int bytes) {
    return SampleEvent.any().id(id).text("padding", "x".repeat(bytes)).record("acme");
  }

  private static List<EventRecord> events(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(i -> event("e" + i)).toList();
  }

  private static List<String> ids(int first, int last) {
    return new ArrayList<>(IntStream.rangeClosed(first, last).mapToObj(i -> "e" + i).toList());
  }

  private StreamState state(String stream) throws IOException, JetStreamApiException {
    return client.jetStreamManagement().getStreamInfo(stream).getStreamState();
  }

  private void purgeBefore(long sequence) throws IOException, JetStreamApiException {
    client
        .jetStreamManagement()
        .purgeStream(name, PurgeOptions.builder().sequence(sequence).build());
  }

  private long publish(String subject, byte[] data) throws IOException, JetStreamApiException {
    return client.jetStream().publish(subject, data).getSeqno();
  }

  // ---- restore

  @Test
  void aRestoredLogHasAnotherIdAndHigherSequencesAndTheSameEvents() {
    String before;
    try (JetStreamEventLog log = log().open()) {
      before = log.id();
      append(log, events(1, 10));
    }
    String after;
    try (JetStreamEventLog log = log().openRestored()) {
      after = log.id();
      assertThat(after).isNotEqualTo(before);
      assertThat(log.range()).isEqualTo(new LogRange(GAP + 1, GAP + 10));
      assertThat(append(log, event("e11"))).containsExactly(GAP + 11);
      List<Entry> entries = readAll(log, "acme");
      assertThat(Logs.eventIds(entries)).isEqualTo(ids(1, 11));
      assertThat(Logs.sequences(entries).getFirst()).isEqualTo(GAP + 1);
    }
    try (JetStreamEventLog log = openWithoutMemory()) {
      assertThat(log.id()).as("until the next restore").isEqualTo(after);
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids(1, 11));
    }
    try (JetStreamEventLog log = log().recentBytes(0).openRestored()) {
      assertThat(log.id()).isNotEqualTo(before).isNotEqualTo(after);
      assertThat(log.range()).isEqualTo(new LogRange(2 * GAP + 1, 2 * GAP + 11));
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids(1, 11));
    }
  }

  /// Its sequences are those of another log by now.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNodeThatRunsMeanwhileTakesNothingMore(boolean isBusy) throws Exception {
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
          .containsExactly(GAP + 4, GAP + 11, GAP + 10);
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids(1, 11));
    }
  }

  @Test
  void aRestoredLogBuildsItsIndexAnew() throws Exception {
    int count = Segment.SEQUENCES + 100;
    String before;
    try (JetStreamEventLog log = log().open()) {
      before = log.id();
      append(log, events(1, count));
      awaitSegments(log.id(), 1);
    }
    try (JetStreamEventLog log = log().recentBytes(0).openRestored()) {
      assertThat(log.id()).isNotEqualTo(before);
      awaitSegments(before, 0);
      awaitSegments(log.id(), 1);
      assertThat(log.range()).isEqualTo(new LogRange(GAP + 1, GAP + count));
      assertThat(Logs.eventIds(readAll(log, ALL, GAP + 4_000))).isEqualTo(ids(4_000, count));
    }
    try (JetStreamEventLog log = openWithoutMemory()) {
      assertThat(log.range()).isEqualTo(new LogRange(GAP + 1, GAP + count));
      assertThat(Logs.eventIds(readAll(log, ALL, GAP + 4_000))).isEqualTo(ids(4_000, count));
    }
  }

  private void awaitSegments(String logId, long count) {
    await()
        .pollInSameThread()
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          String subjects = new Subjects(name).index(logId);
          return client
                  .jetStreamManagement()
                  .getStreamInfo(name + "_INDEX", StreamInfoOptions.filterSubjects(subjects))
                  .getStreamState()
                  .getSubjectMap()
                  .size()
              == count;
        });
  }

  // ---- expiry by size and by hand

  @Test
  void whatIsTooMuchExpiresInWholeSegments() throws Exception {
    int count = 3 * Segment.SEQUENCES;
    long bytes;
    try (JetStreamEventLog log = log().open()) {
      append(log, events(1, count));
      assertThat(log.range().oldest()).isEqualTo(1);
      bytes = state(name).getByteCount();
    }
    try (JetStreamEventLog log = log().recentBytes(0).retentionBytes(bytes / 2).open()) {
      await()
          .pollInSameThread()
          .atMost(Duration.ofSeconds(20))
          .until(() -> state(name).getFirstSequence() == Segment.first(1));
      LogRange range = log.range();
      assertThat(range.oldest()).isBetween((long) count / 3, count * 2L / 3);
      assertThat(range.head()).isEqualTo(count);
      List<Entry> entries = readAll(log, "acme");
      assertThat(Logs.sequences(entries).getFirst()).isEqualTo(range.oldest());
      assertThat(Logs.eventIds(entries)).isEqualTo(ids((int) range.oldest(), count));
      await()
          .pollInSameThread()
          .atMost(Duration.ofSeconds(20))
          .until(() -> log.stats().bytes() == state(name).getByteCount());
      assertThat(log.range()).as("nothing more").isEqualTo(range);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 50, 100, 101})
  void anOperatorMayPurgeTheOldestWhileNoNodeRuns(long from) throws Exception {
    List<EventRecord> events = events(1, 100);
    try (JetStreamEventLog log = log().open()) {
      append(log, events);
    }
    purgeBefore(from);
    try (JetStreamEventLog log = openWithoutMemory()) {
      assertThat(log.range()).isEqualTo(new LogRange(from, 100));
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids((int) from, 100));
      assertThat(append(log, event("e101"))).containsExactly(101);
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids((int) from, 101));
    }
    try (JetStreamEventLog log = log().open()) {
      assertThat(log.range()).isEqualTo(new LogRange(from, 101));
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids((int) from, 101));
    }
  }

  @Test
  void anOperatorMayPurgeIntoASegmentThatIsIndexed() throws Exception {
    int count = 2 * Segment.SEQUENCES + 10;
    try (JetStreamEventLog log = log().open()) {
      append(log, events(1, count));
      awaitSegments(log.id(), 2);
    }
    for (long from : new long[] {100, Segment.first(1), 5_000, Segment.last(1), count}) {
      purgeBefore(from);
      try (JetStreamEventLog log = openWithoutMemory()) {
        assertThat(log.range()).isEqualTo(new LogRange(from, count));
        assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids((int) from, count));
      }
    }
  }

  @Test
  void anOperatorMayPurgeAndDeleteWhileANodeRuns() throws Exception {
    try (JetStreamEventLog log = openWithoutMemory()) {
      append(log, events(1, 100));
      purgeBefore(50);
      await().pollInSameThread().until(() -> log.range().oldest() == 50);
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids(50, 100));
      assertThat(client.jetStreamManagement().deleteMessage(name, 60)).isTrue();
      List<String> left = ids(50, 100);
      left.remove("e60");
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(left);
    }
  }

  @Test
  void aPurgeThatTearsALargeEventTakesNothingElse() throws Exception {
    List<EventRecord> events =
        List.of(event("e1"), large("e2", 3 * MEGABYTE), event("e3"), event("e4"), event("e5"));
    try (JetStreamEventLog log = log().open()) {
      append(log, events); // e2 has the sequences 2 to 5
    }
    for (long from : new long[] {3, 4, 5}) {
      purgeBefore(from);
      for (long recentBytes : new long[] {0, 8 * MEGABYTE}) {
        try (JetStreamEventLog log = log().recentBytes(recentBytes).open()) {
          assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids(3, 5));
        }
      }
    }
    try (JetStreamEventLog log = openWithoutMemory()) {
      append(log, event("e6"));
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(List.of("e3", "e4", "e5", "e6"));
    }
  }

  // ---- what somebody else has published

  @Test
  void whatIsNoEventIsPassedOver() throws Exception {
    Random random = Seed.random("whatIsNoEventIsPassedOver");
    try (JetStreamEventLog log = log().open();
        JetStreamEventLog other = openWithoutMemory()) {
      for (int i = 1; i <= 30; i++) {
        byte[] garbage = new byte[random.nextInt(100)];
        random.nextBytes(garbage);
        // also where reads of the namespace come upon it
        publish(name + (i % 2 == 0 ? ".event.x.y" : ".event.acme.e.e.e.e.e.e"), garbage);
        append(i % 3 == 0 ? other : log, event("e" + i));
      }
      await().pollInSameThread().until(() -> other.range().equals(log.range()));
      assertThat(log.range().oldest()).isEqualTo(1);
      for (JetStreamEventLog node : List.of(log, other)) {
        assertThat(Logs.eventIds(readAll(node, "acme"))).isEqualTo(ids(1, 30));
      }
    }
    try (JetStreamEventLog log = openWithoutMemory()) {
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids(1, 30));
      assertThat(append(log, event("e7"), event("e31"))).hasSize(2);
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids(1, 31));
    }
  }

  /// The head of a message and then no event; and the middle of a batch that was never begun, which
  /// must not be fenced off together with the events before it.
  @Test
  void whatLooksLikeAMessageIsPassedOverAndHarmsNothing() throws Exception {
    try (JetStreamEventLog log = openWithoutMemory()) {
      append(log, events(1, 10));
      for (String garbage :
          List.of(
              "01 00 00 00 01 0102030405060708f1f2f3f4f5f6f7f8",
              "01 00 00 00 01 0102030405060708f1f2f3f4f5f6f7f8 63 63 63",
              "01 00 00 05 0a 0102030405060708f1f2f3f4f5f6f7f8 63",
              "01 03 00 04 7f 00",
              "01 01 00 7f 05 00",
              "01 01 00 ffffffff0f 05 00")) {
        publish(
            name + ".event.acme.e.e.e.e.e.e", HexFormat.of().parseHex(garbage.replace(" ", "")));
      }
      events(11, 20).forEach(event -> append(log, event));
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids(1, 20));
    }
    try (JetStreamEventLog log = openWithoutMemory()) {
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids(1, 20));
    }
  }

  @Test
  void whatIsNoFenceIsPassedOver() throws Exception {
    try (JetStreamEventLog log = log().open()) {
      append(log, events(1, 5));
      publish(name + ".fence", "no fence".getBytes(UTF_8));
      publish(name + ".fence", new byte[0]);
      events(6, 10).forEach(event -> append(log, event));
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids(1, 10));
    }
    try (JetStreamEventLog log = openWithoutMemory()) {
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids(1, 10));
    }
  }

  @Test
  void whatIsNoEventNeitherKeepsOthersFromExpiringNorALogFromOpening() throws Exception {
    publishGarbageInto(log().retentionAge(Duration.ofDays(30)).open());
    try (JetStreamEventLog log = log().retentionAge(Duration.ofDays(30)).recentBytes(0).open()) {
      assertThat(Logs.eventIds(readAll(log, "acme"))).isEqualTo(ids(1, 10));
    }
  }

  private void publishGarbageInto(JetStreamEventLog log) throws Exception {
    try (log) {
      for (int i = 1; i <= 10; i++) {
        publish(name + ".event.x.y", "garbage".getBytes(UTF_8));
        append(log, event("e" + i));
      }
    }
  }

  @Test
  void whatIsNoEventMayBeTheFirstOfASegmentThatIsNotIndexedYet() throws Exception {
    try (JetStreamEventLog log = log().open()) {
      append(log, events(1, Segment.SEQUENCES));
      awaitSegments(log.id(), 1);
      publish(name + ".event.x.y", "garbage".getBytes(UTF_8));
      events(4_097, 4_100).forEach(event -> append(log, event));
    }
    try (JetStreamEventLog log = openWithoutMemory()) {
      assertThat(Logs.eventIds(readAll(log, ALL, 4_000))).isEqualTo(ids(4_000, 4_100));
    }
  }

  @Test
  void anIndexThatCannotBeReadIsBuiltAnew() throws Exception {
    int count = 2 * Segment.SEQUENCES + 10;
    String id;
    try (JetStreamEventLog log = log().open()) {
      id = log.id();
      append(log, events(1, count));
      awaitSegments(id, 2);
    }
    String index = name + "_INDEX";
    client.jetStreamManagement().purgeStream(index, PurgeOptions.subject(index + "." + id + ".1"));
    publish(index + "." + id + ".1", "garbage".getBytes(UTF_8));
    publish(index + "." + id + ".x", "garbage".getBytes(UTF_8));
    try (JetStreamEventLog log = openWithoutMemory()) {
      assertThat(log.range()).isEqualTo(new LogRange(1, count));
      assertThat(Logs.eventIds(readAll(log, ALL, 4_000))).isEqualTo(ids(4_000, count));
    }
    client.jetStreamManagement().purgeStream(index);
    try (JetStreamEventLog log = openWithoutMemory()) {
      assertThat(Logs.eventIds(readAll(log, ALL, 4_000))).isEqualTo(ids(4_000, count));
    }
  }

  /// The names of the namespaces have the same hash.
  @Test
  void valuesThatTheIndexCannotTellApartAreReadAll() {
    String one = "8yn0iYCKYHlIj4-BwPqk";
    String other = "GReLUrM4wMqfg9yzV3KQ";
    try (JetStreamEventLog log = openWithoutMemory()) {
      append(log, SampleEvent.any().id("a").record(one));
      append(log, SampleEvent.any().id("b").record(other));
      append(log, SampleEvent.any().id("c").record(one));
      assertThat(Logs.eventIds(readAll(log, one))).containsExactly("a", "c");
      assertThat(Logs.eventIds(readAll(log, other))).containsExactly("b");
    }
  }

  // ---- events that are larger than a message

  @ParameterizedTest
  @ValueSource(longs = {0, 64 << 20})
  void largeEventsAreKeptToTheByteAndReadFromEveryPosition(long recentBytes) {
    Random random = Seed.random("largeEventsAreKeptToTheByteAndReadFromEveryPosition");
    List<EventRecord> events = new ArrayList<>();
    int[] sizes = {10, MEGABYTE - 2_000, MEGABYTE, 10, 3 * MEGABYTE, 5 * MEGABYTE, 10};
    for (int i = 0; i < sizes.length; i++) {
      events.add(anyText("e" + i, "exec-" + i % 2, sizes[i], random));
    }
    try (JetStreamEventLog log = log().recentBytes(recentBytes).open()) {
      long[] sequences = new long[events.size()];
      System.arraycopy(append(log, events.subList(0, 5)), 0, sequences, 0, 5);
      sequences[5] = append(log, events.get(5))[0];
      sequences[6] = append(log, events.get(6))[0];
      assertReads(log, events, sequences);
    }
  }

  private static EventRecord anyText(String id, String exec, int length, Random random) {
    StringBuilder text = new StringBuilder(length);
    while (text.length() < length) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return SampleEvent.any().id(id).exec(exec).text("padding", text.toString()).record("acme");
  }

  private static void assertReads(
      JetStreamEventLog log, List<EventRecord> events, long[] sequences) {
    Map<String, EventFilter> filters = new HashMap<>();
    filters.put("", ALL);
    filters.put("exec-0", EventFilter.in("acme").where(Field.WORKFLOW_EXEC_ID, "exec-0").build());
    filters.put("exec-1", EventFilter.in("acme").where(Field.WORKFLOW_EXEC_ID, "exec-1").build());
    filters.forEach((exec, filter) -> {
      for (long from = 1; from <= sequences[sequences.length - 1] + 1; from++) {
        List<Long> expected = new ArrayList<>();
        for (int i = 0; i < sequences.length; i++) {
          boolean selected = exec.isEmpty() || exec.equals("exec-" + i % 2);
          if (selected && sequences[i] >= from) {
            expected.add(sequences[i]);
          }
        }
        List<Entry> entries = readAll(log, filter, from);
        assertThat(Logs.sequences(entries)).as("%s from %s", exec, from).isEqualTo(expected);
        for (Entry entry : entries) {
          int i = Integer.parseInt(entry.eventId().substring(1));
          assertThat(Logs.bytes(entry.event()))
              .as("%s from %s", exec, from)
              .isEqualTo(Logs.bytes(events.get(i)));
        }
      }
    });
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 64 << 20})
  void aLargeEventMayBeginInOneSegmentAndEndInTheNext(long recentBytes) {
    try (JetStreamEventLog log = log().recentBytes(recentBytes).open()) {
      append(log, events(1, 4_094));
      append(log, event("e4095"), large("large", 3 * MEGABYTE)); // 4,096 to 4,099
      for (long from : new long[] {4_094, 4_095, 4_096, 4_097, 4_099, 4_100}) {
        List<Long> expected =
            IntStream.rangeClosed(4_094, 4_096)
                .asLongStream()
                .filter(i -> i >= from)
                .boxed()
                .toList();
        assertThat(Logs.sequences(readAll(log, ALL, from))).as("from %s", from).isEqualTo(expected);
      }
      assertThat(append(log, event("last"))).containsExactly(4_100);
      for (long from = 4_096; from <= 4_100; from++) {
        assertThat(Logs.sequences(readAll(log, ALL, from)))
            .as("from %s", from)
            .isEqualTo(from == 4_096 ? List.of(4_096L, 4_100L) : List.of(4_100L));
      }
    }
  }

  /// A reader that has taken everything asks for what is behind it, again and again.
  @ParameterizedTest
  @ValueSource(longs = {0, 64 << 20})
  void aReadBehindALargeEventEndsBehindTheHead(long recentBytes) {
    try (JetStreamEventLog log = log().recentBytes(recentBytes).open()) {
      append(log, events(1, 4_093));
      long large = append(log, large("large", 4 * MEGABYTE))[0]; // 4,094 to 4,098
      assertThat(readAll(log, ALL, large + 1)).isEmpty();
      assertThat(readAll(log, ALL, Segment.first(1))).isEmpty();
    }
    try (JetStreamEventLog log = log().recentBytes(recentBytes).open()) {
      assertThat(readAll(log, ALL, 4_095)).isEmpty();
      assertThat(append(log, event("last"))).containsExactly(4_099);
      assertThat(Logs.eventIds(readAll(log, ALL, 4_095))).containsExactly("last");
    }
  }
}
