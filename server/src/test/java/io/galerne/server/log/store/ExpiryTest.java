package io.galerne.server.log.store;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor.Verdict;
import io.galerne.server.log.ExpiredException;
import io.galerne.server.log.Field;
import io.galerne.server.log.LogRange;
import io.galerne.server.log.Logs;
import io.galerne.server.log.RandomEvents;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.SteppedClock;
import io.galerne.server.log.embedded.EmbeddedEventLog;
import io.galerne.server.log.embedded.EmbeddedLogs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Expiry by age and by size.
class ExpiryTest {
  private static final EventFilter EVERYTHING = EventFilter.in("acme").build();
  private static final long MILLION = 1 << 20;

  @TempDir private Path temporary;
  private final SteppedClock clock = new SteppedClock(SampleEvent.NOW);

  private EmbeddedLogs logs() {
    return EmbeddedLogs.in(temporary.resolve("log")).clock(clock).retentionAge(Duration.ofDays(1));
  }

  @Test
  void expiresCommitByCommitByAge() {
    try (EmbeddedEventLog log = logs().open()) {
      List<long[]> hours = new ArrayList<>();
      for (int hour = 0; hour < 20; hour++) {
        hours.add(append(log, new RandomEvents(hour).records(1 + hour % 5, "acme")));
        clock.advance(Duration.ofHours(1));
      }
      clock.advance(Duration.ofHours(4).plusMillis(1)); // the first is a day and a moment old
      for (int hour = 0; hour < 19; hour++) {
        long oldest = hours.get(hour + 1)[0];
        await().until(() -> log.range().oldest() >= oldest);
        assertThat(log.range().oldest()).isEqualTo(oldest);
        assertThat(Logs.sequences(readAll(log, EVERYTHING, oldest))).startsWith(oldest);
        assertThatThrownBy(() -> readAll(log, EVERYTHING, oldest - 1))
            .isInstanceOf(ExpiredException.class)
            .hasMessageContaining(Long.toString(oldest));
        clock.advance(Duration.ofHours(1));
      }
    }
  }

  @Test
  void recognisesIdsWhoseEventsExpiredBeforeTheirIndexWasWritten() {
    Path crashed = temporary.resolve("crashed");
    try (EmbeddedEventLog log = logs().repeatWindow(Duration.ofDays(7)).open()) {
      append(log, SampleEvent.any().id("expired").record("acme"));
      clock.advance(Duration.ofDays(2));
      await().until(() -> log.range().oldest() == 2);
      EmbeddedLogs.copy(temporary.resolve("log"), crashed);
    }
    try (EmbeddedEventLog log =
        EmbeddedLogs.in(crashed).clock(clock).repeatWindow(Duration.ofDays(7)).open()) {
      assertThat(append(log, SampleEvent.any().id("expired").record("acme"))).containsExactly(1);
    }
  }

  /// Nodes that share a log expire by the total bytes of the log.
  @Test
  void keepsCountingTheBytesAfterEverythingExpired() throws Exception {
    for (int day = 0; day < 3; day++) {
      try (EmbeddedEventLog log = logs().open()) {
        append(log, new RandomEvents(day).records(1000, "acme"));
        clock.advance(Duration.ofDays(2));
        long next = log.range().head() + 1;
        await().until(() -> log.range().oldest() == next);
        assertThat(log.stats().bytes()).isZero();
      }
      assertThat(StoreProbe.logBytes(temporary.resolve("log"))).isGreaterThan((day + 1) * 100_000L);
    }
  }

  @Test
  void keepsEventsExactlyAtTheAgeLimit() {
    try (EmbeddedEventLog log = logs().open()) {
      append(log, new RandomEvents(1).records(3, "acme"));
      clock.advance(Duration.ofHours(1));
      long second = append(log, new RandomEvents(2).records(3, "acme"))[0];
      clock.advance(Duration.ofDays(1));
      await().until(() -> log.range().oldest() > 1);
      assertThat(log.range().oldest()).isEqualTo(second);
    }
  }

  @Test
  void aTimestampInTheFutureDoesNotDelayExpiry() {
    try (EmbeddedEventLog log = logs().open()) {
      long future = TimeUnit.DAYS.toNanos(36_500) + TimeUnit.MILLISECONDS.toNanos(clock.millis());
      for (int hour = 0; hour < 10; hour++) {
        SampleEvent event = SampleEvent.any();
        append(
            log,
            (hour == 3 ? event.with("event_timestamp", Long.toString(future)) : event)
                .record("acme"));
        clock.advance(Duration.ofHours(1));
      }
      clock.advance(Duration.ofHours(19)); // the first five are more than a day old
      await().until(() -> log.range().oldest() == 6);
    }
  }

  @Test
  void commitsOfAWrongClockExpireWithTheNextOnes() {
    try (EmbeddedEventLog log = logs().open()) {
      append(log, SampleEvent.any().record("acme"));
      clock.advance(Duration.ofDays(20_000));
      append(log, SampleEvent.any().record("acme"), SampleEvent.any().record("acme"));
      await().until(() -> log.range().oldest() == 2);
      clock.advance(Duration.ofDays(-20_000)); // corrected
      append(log, SampleEvent.any().record("acme"));
      clock.advance(Duration.ofHours(12));
      append(log, SampleEvent.any().record("acme"));
      assertThat(readAll(log, "acme")).as("nothing is too old").hasSize(4);
      clock.advance(Duration.ofHours(12).plusMillis(1));
      await().until(() -> log.range().oldest() == 5);
      clock.advance(Duration.ofDays(2));
      await().until(() -> log.range().oldest() == 6);
    }
  }

  @Test
  void keepsEverythingWithoutLimits() {
    try (EmbeddedEventLog log = EmbeddedLogs.in(temporary.resolve("log")).clock(clock).open()) {
      append(log, new RandomEvents(1).records(100, "acme"));
      clock.advance(Duration.ofDays(100_000));
      await().until(() -> log.stats().bytes() > 0); // expiry has run
      append(log, new RandomEvents(2).records(100, "acme"));
      assertThat(readAll(log, "acme")).hasSize(200);
    }
  }

  @Test
  void expiresOldEventsOnOpening() {
    long last;
    try (EmbeddedEventLog log = logs().open()) {
      append(log, new RandomEvents(1).records(100, "acme"));
      clock.advance(Duration.ofHours(20));
      last = append(log, SampleEvent.any().record("acme"))[0];
    }
    clock.advance(Duration.ofHours(20));
    try (EmbeddedEventLog log = logs().open()) {
      await().until(() -> log.range().oldest() > 1);
      assertThat(log.range()).isEqualTo(new LogRange(last, last));
    }
    try (EmbeddedEventLog log = logs().open()) {
      assertThat(log.range()).as("before expiry runs again").isEqualTo(new LogRange(last, last));
      assertThat(Logs.sequences(readAll(log, "acme"))).containsExactly(last);
    }
  }

  @Test
  void aRunningReadSeesEventsThatExpireMeanwhile() throws Exception {
    try (EmbeddedEventLog log = logs().open()) {
      for (int i = 0; i < 50; i++) {
        append(log, new RandomEvents(i).records(10, "acme"));
      }
      List<Long> seen = new ArrayList<>();
      CountDownLatch expired = new CountDownLatch(1);
      log.read(
          EVERYTHING,
          1,
          (sequence, event) -> {
            seen.add(sequence);
            if (seen.size() == 5) {
              clock.advance(Duration.ofDays(2));
              await().until(() -> log.range().oldest() == log.range().head() + 1);
              expired.countDown();
            }
            return Verdict.TAKEN;
          });
      assertThat(expired.getCount()).isZero();
      assertThat(seen).hasSize(500);
    }
  }

  @Test
  void aRunningReadCrossesSegmentsThatExpireMeanwhile() throws Exception {
    Path folder = temporary.resolve("log");
    List<Long> stored = new ArrayList<>();
    for (int segment = 0; segment < 3; segment++) {
      logs().open().close();
      StoreProbe.continueAfter(folder, segment * MILLION + 10);
      try (EmbeddedEventLog log = logs().open()) {
        stored.add(append(log, SampleEvent.any().exec("rare").record("acme"))[0]);
        append(log, new RandomEvents(segment).records(20, "acme"));
      }
    }
    EventFilter rare = EventFilter.in("acme").where(Field.WORKFLOW_EXEC_ID, "rare").build();
    try (EmbeddedEventLog log = logs().open()) {
      List<Long> seen = new ArrayList<>();
      log.read(
          rare,
          stored.getFirst(),
          (sequence, event) -> {
            if (seen.isEmpty()) {
              clock.advance(Duration.ofDays(2));
              await().until(() -> log.range().oldest() == log.range().head() + 1);
            }
            seen.add(sequence);
            return Verdict.TAKEN;
          });
      assertThat(seen).isEqualTo(stored);
    }
  }

  @Test
  void keepsEventsAppendedWhileAllOthersExpire() {
    try (EmbeddedEventLog log = logs().open()) {
      for (int round = 0; round < 500; round++) {
        long appended = append(log, SampleEvent.any().record("acme"))[0];
        assertThat(Logs.sequences(readAll(log, EVERYTHING, appended))).containsExactly(appended);
        clock.advance(Duration.ofDays(2));
        await().pollInterval(Duration.ofMillis(1)).until(() -> log.range().oldest() > appended);
      }
    }
  }

  @Test
  void dropsTheIndexOfASegmentAfterItsEventsExpired() throws Exception {
    Path folder = temporary.resolve("log");
    logs().open().close();
    StoreProbe.continueAfter(folder, MILLION - 10);
    long kept;
    try (EmbeddedEventLog log = logs().open()) {
      append(log, new RandomEvents(1).records(20, "acme")); // half of them in the next segment
      clock.advance(Duration.ofHours(1));
      kept = append(log, new RandomEvents(2).records(20, "acme"))[0];
    }
    assertThat(StoreProbe.indexedSegments(folder)).containsExactly(0, 1);

    clock.advance(Duration.ofHours(23).plusMillis(1));
    try (EmbeddedEventLog log = logs().open()) {
      await().until(() -> log.range().oldest() == kept);
      assertThat(readAll(log, "acme")).hasSize(20);
    }
    assertThat(StoreProbe.indexedSegments(folder)).containsExactly(1);
  }

  @Test
  void staysCloseToTheSizeLimit() {
    long limit = 16L << 20;
    Random random = new Random(1);
    EmbeddedLogs logs =
        EmbeddedLogs.in(temporary.resolve("log")).clock(clock).retentionBytes(limit);
    List<String> all = new ArrayList<>();
    try (EmbeddedEventLog log = logs.open()) {
      long oldest = 1;
      for (int i = 0; i < 240; i++) {
        List<EventRecord> batch = incompressible(random, 20);
        append(log, batch);
        batch.forEach(event -> all.add(String.valueOf(event.text(Field.EVENT_ID))));
        assertThat(log.range().oldest()).isGreaterThanOrEqualTo(oldest);
        oldest = log.range().oldest();
      }
      await().until(() -> log.range().oldest() > 1 && log.stats().bytes() <= limit);
      assertHoldsTheNewest(log, all, limit);
    }
    try (EmbeddedEventLog log = logs.open()) {
      assertHoldsTheNewest(log, all, limit);
    }
  }

  @Test
  void theSizeLimitCountsEventsNotTheirIndex() {
    long limit = 1 << 20;
    EmbeddedLogs logs =
        EmbeddedLogs.in(temporary.resolve("log")).clock(clock).retentionBytes(limit);
    try (EmbeddedEventLog log = logs.open()) {
      for (int i = 0; i < 40; i++) {
        append(log, new RandomEvents(i).records(1_000, "acme"));
      }
      await().until(() -> bytesLeft(log) <= limit);
      await()
          .during(Duration.ofMillis(500)) // hundreds of expiry runs
          .atMost(Duration.ofSeconds(20))
          .until(() -> bytesLeft(log) >= limit / 2);
    }
  }

  private static long bytesLeft(EmbeddedEventLog log) {
    return readAll(log, "acme").stream().mapToLong(entry -> entry.event().length()).sum();
  }

  @Test
  void expiresNothingBelowTheSizeLimit() {
    long limit = 64L << 20;
    Random random = new Random(2);
    EmbeddedLogs logs =
        EmbeddedLogs.in(temporary.resolve("log")).clock(clock).retentionBytes(limit);
    try (EmbeddedEventLog log = logs.open()) {
      for (int i = 0; i < 30; i++) {
        append(log, incompressible(random, 20));
      }
      await().until(() -> log.stats().bytes() > 4 << 20);
      assertThat(log.range().oldest()).isEqualTo(1);
      assertThat(log.stats().bytes()).isBetween(8L << 20, 24L << 20);
    }
  }

  /// Events of 16 KiB that do not compress.
  private static List<EventRecord> incompressible(Random random, int count) {
    List<EventRecord> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] bytes = new byte[12 * 1024];
      random.nextBytes(bytes);
      String text = Base64.getEncoder().encodeToString(bytes);
      events.add(SampleEvent.any().with("large", "\"" + text + "\"").record("acme"));
    }
    return events;
  }

  private static void assertHoldsTheNewest(EmbeddedEventLog log, List<String> all, long limit) {
    List<Logs.Entry> left = readAll(log, "acme");
    assertThat(Logs.eventIds(left)).isEqualTo(all.subList(all.size() - left.size(), all.size()));
    assertThat(bytesLeft(log))
        .as("bytes of retained events")
        .isBetween(limit * 3 / 4, limit * 5 / 4);
    assertThatThrownBy(() -> readAll(log, EVERYTHING, log.range().oldest() - 1))
        .isInstanceOf(ExpiredException.class);
  }
}
