package io.galerne.server.log.store;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.SteppedClock;
import io.galerne.server.log.embedded.EmbeddedEventLog;
import io.galerne.server.log.embedded.EmbeddedLogs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Deduplication across time buckets, and when ids are forgotten.
class RepeatedIdsTest {
  private static final Duration WINDOW = Duration.ofHours(1);

  @TempDir private Path temporary;
  private final SteppedClock clock = new SteppedClock(SampleEvent.NOW); // a full hour

  private EmbeddedEventLog open() {
    return open(WINDOW);
  }

  private EmbeddedEventLog open(Duration window) {
    return EmbeddedLogs.in(temporary.resolve("log")).clock(clock).repeatWindow(window).open();
  }

  @Test
  void recognisesAnIdInItsOwnBucketAndInTheNext() {
    try (EmbeddedEventLog log = open()) {
      long first = append(log, event("one"))[0];
      clock.advance(WINDOW);
      assertThat(append(log, event("one"))).containsExactly(first);
      clock.advance(WINDOW.minusSeconds(1));
      assertThat(append(log, event("one"))).containsExactly(first);
    }
  }

  @Test
  void forgetsAnIdEventually() throws Exception {
    try (EmbeddedEventLog log = open()) {
      long first = append(log, event("one"))[0];
      clock.advance(WINDOW.multipliedBy(2));
      append(log, event("other"));
      assertThat(append(log, event("one"))[0]).isGreaterThan(first);
      assertThat(readAll(log, "acme")).hasSize(3);
      for (int i = 0; i < 10; i++) {
        clock.advance(WINDOW);
        append(log, event("later-" + i));
      }
    }
    assertThat(StoreProbe.idBuckets(temporary.resolve("log"))).hasSize(2);
  }

  @Test
  void forgetsIdsIfABucketBeginsWithRepeats() throws Exception {
    try (EmbeddedEventLog log = open()) {
      for (int i = 0; i < 6; i++) {
        long sequence = append(log, event("id-" + i))[0];
        clock.advance(WINDOW);
        assertThat(append(log, event("id-" + i))).containsExactly(sequence);
      }
      append(log, event("last"));
    }
    assertThat(StoreProbe.idBuckets(temporary.resolve("log"))).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void recognisesRepeatsAfterALongPause() {
    try (EmbeddedEventLog log = open()) {
      append(log, event("one"));
      clock.advance(WINDOW.multipliedBy(1000));
      long again = append(log, event("one"))[0];
      clock.advance(WINDOW.minusMillis(1));
      assertThat(append(log, event("one"))).containsExactly(again);
    }
  }

  @Test
  void recognisesRepeatsWhenTheClockIsSetBack() {
    try (EmbeddedEventLog log = open()) {
      long first = append(log, event("one"))[0];
      clock.advance(WINDOW.multipliedBy(-5));
      assertThat(append(log, event("one"))).containsExactly(first);
      long second = append(log, event("two"))[0];
      assertThat(append(log, event("two"), event("one"))).containsExactly(second, first);
    }
  }

  @Test
  void recognisesRepeatsIfTheClockIsSetBackWhileClosed() {
    long first;
    try (EmbeddedEventLog log = open()) {
      clock.advance(WINDOW.multipliedBy(2));
      first = append(log, event("one"))[0];
    }
    clock.advance(WINDOW.multipliedBy(-10));
    try (EmbeddedEventLog log = open()) {
      assertThat(append(log, event("one"))).containsExactly(first);
      long second = append(log, event("two"))[0];
      clock.advance(WINDOW.multipliedBy(10));
      assertThat(append(log, event("one"), event("two"))).containsExactly(first, second);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.5, 2, 7})
  void recognisesRepeatsForAChangedWindow(double factor) throws Exception {
    Duration changed = Duration.ofMillis((long) (factor * WINDOW.toMillis()));
    long first;
    long second;
    try (EmbeddedEventLog log = open()) {
      first = append(log, event("one"))[0];
      clock.advance(WINDOW.minusSeconds(1));
      second = append(log, event("two"))[0];
    }
    try (EmbeddedEventLog log = open(changed)) {
      assertThat(append(log, event("one"), event("two"))).containsExactly(first, second);
      clock.advance(changed);
      assertThat(append(log, event("two"))).containsExactly(second);
    }
    try (EmbeddedEventLog log = open(changed)) {
      assertThat(append(log, event("two"))).containsExactly(second);
      for (int i = 0; i < 4; i++) {
        clock.advance(changed);
        append(log, event("later-" + i));
      }
      assertThat(append(log, event("two"))[0]).as("forgotten eventually").isGreaterThan(second);
    }
    assertThat(StoreProbe.idBuckets(temporary.resolve("log"))).hasSize(2);
  }

  @Test
  void neverForgetsWithinTheWindowWhateverTheClockDoes() {
    long seed = System.nanoTime();
    System.out.println("RepeatedIdsTest seed " + seed);
    Random random = new Random(seed);
    EmbeddedEventLog log = open();
    for (int i = 0; i < 40; i++) {
      long sequence = append(log, event("id-" + i))[0];
      if (random.nextInt(4) == 0) {
        clock.advance(Duration.ofMinutes(-random.nextInt(600)));
      }
      clock.advance(Duration.ofMinutes(random.nextInt(60)));
      if (random.nextInt(4) == 0) {
        log.close();
        log = open();
      }
      assertThat(append(log, event("id-" + i)))
          .as("seed %s, round %s", seed, i)
          .containsExactly(sequence);
    }
    log.close();
  }

  private static EventRecord event(String id) {
    return SampleEvent.any().id(id).record("acme");
  }
}
