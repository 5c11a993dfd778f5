package io.galerne.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.server.Seed;
import io.galerne.server.access.Caller;
import io.galerne.server.live.Reader.Source;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import io.galerne.server.log.SampleEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A reader's progress through the log, without connections and threads.
class ReaderTest {
  private static final EventFilter EVERYTHING = EventFilter.in("acme").build();

  private static Reader reader(EventFilter filter, long from, long endAfter) {
    return new Reader(
        new StreamRequest(
            filter, from, endAfter, new ExecutionEnd(), new Caller("", "acme", Set.of())));
  }

  @ParameterizedTest
  @CsvSource({
    // position, offered below, in memory from, comes from
    "1, 1, 9999, FANOUT", // an empty log
    "11, 11, 5, FANOUT",
    "50, 11, 5, FANOUT", // a position in the future
    "10, 11, 5, MEMORY",
    "5, 11, 5, MEMORY",
    "4, 11, 5, LOG",
    "1, 11, 9999, LOG" // nothing is in memory
  })
  void readsFromTheNearestSource(long position, long offered, long remembered, Source source) {
    Reader reader = reader(EVERYTHING, position, StreamRequest.NO_END);
    assertThat(reader.source(offered, remembered)).isEqualTo(source);
  }

  @ParameterizedTest
  @CsvSource({"10, LOG", "11, LOG", "12, NONE"})
  void aReaderWithAnEndReadsTheLogUpToIt(long position, Source source) {
    assertThat(reader(EVERYTHING, position, 11).source(1, 1)).isEqualTo(source);
  }

  @Test
  void doesNotGoLiveWithinAFrame() {
    Reader reader = reader(EVERYTHING, 7, StreamRequest.NO_END);
    reader.tookPart(7, 100);
    assertThat(reader.isWithinFrame()).isTrue();
    assertThat(reader.source(7, 9999)).isEqualTo(Source.LOG);
    assertThat(reader.source(8, 7)).isEqualTo(Source.MEMORY);
    reader.took(7, SampleEvent.any().record("acme"));
    assertThat(reader.isWithinFrame()).isFalse();
    assertThat(reader.source(8, 7)).isEqualTo(Source.FANOUT);
  }

  @Test
  void itsPositionNeverMovesBack() {
    Reader reader = reader(EVERYTHING, 7, StreamRequest.NO_END);
    reader.passed(3);
    reader.fallBehind(5);
    assertThat(reader.position()).isEqualTo(7);
    reader.passed(7);
    assertThat(reader.position()).isEqualTo(8);
    reader.fallBehind(12);
    assertThat(reader.position()).isEqualTo(12);
  }

  @Test
  void reportsItsLagWhileBehind() {
    Reader reader = reader(EVERYTHING, 7, StreamRequest.NO_END);
    assertThat(reader.lag(10)).isEqualTo(4);
    assertThat(reader.lag(3)).isZero();
    reader.goLive();
    assertThat(reader.lag(10)).isZero();
  }

  @Test
  void knowsWhenItsExecutionIsOver() {
    Reader reader = reader(EVERYTHING, 1, StreamRequest.NO_END);
    reader.took(1, SampleEvent.of(EventType.WORKFLOW_EXECUTION_STARTED).record("acme"));
    assertThat(reader.isOver()).isFalse();
    reader.took(2, SampleEvent.of(EventType.WORKFLOW_EXECUTION_COMPLETED).record("acme"));
    assertThat(reader.isOver()).isTrue();
    assertThat(reader.lastOfExecution()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void alwaysGetsEveryMatchOnceAndInOrder(boolean withEnd) {
    Random random = Seed.random("a reader's walk");
    for (int walk = 0; walk < 2_000; walk++) {
      Walk one = new Walk(random, withEnd);
      for (int step = 0; step < 200; step++) {
        one.step();
      }
      one.finish();
      assertThat(one.taken).isEqualTo(one.wanted());
    }
  }

  /// A growing log with its last events in memory, a fan-out that lags behind it, and a connection
  /// that has room at random. Frames of some events are taken in parts.
  private static final class Walk {
    private static final int PARTS = 3;

    private final Random random;
    private final List<EventRecord> log = new ArrayList<>();
    private final EventFilter filter;
    private final long from;
    private final long endAfter;
    private final Reader reader;
    private final List<Long> taken = new ArrayList<>();
    private long offered = 1;
    private long remembered = 1;
    private boolean room = true;

    private Walk(Random random, boolean withEnd) {
      this.random = random;
      append(random.nextInt(20));
      offered = head() + 1;
      remembered = 1 + random.nextInt(log.size() + 1);
      filter =
          random.nextBoolean()
              ? EVERYTHING
              : EventFilter.in("acme").where(Field.WORKFLOW_EXEC_ID, "run-1").build();
      from = 1 + random.nextInt(log.size() + 5);
      endAfter = withEnd ? head() : StreamRequest.NO_END;
      reader = reader(filter, from, endAfter);
    }

    private long head() {
      return log.size();
    }

    private void append(int events) {
      for (int i = 0; i < events; i++) {
        log.add(SampleEvent.any().exec("run-" + random.nextInt(3)).record("acme"));
      }
    }

    private List<Long> wanted() {
      List<Long> wanted = new ArrayList<>();
      for (long sequence = from; sequence <= Math.min(endAfter, head()); sequence++) {
        if (filter.matches(event(sequence))) {
          wanted.add(sequence);
        }
      }
      return wanted;
    }

    private EventRecord event(long sequence) {
      return log.get((int) sequence - 1);
    }

    private void step() {
      switch (random.nextInt(8)) {
        case 0 -> append(random.nextInt(4));
        case 1 -> remembered = Math.max(remembered, head() + 1 - random.nextInt(10));
        case 2 -> room = random.nextInt(3) > 0;
        case 3 -> {
          if (random.nextInt(10) == 0) {
            loseTrack();
          }
        }
        case 4, 5 -> offerNext();
        default -> advance();
      }
    }

    /// The fan-out offers the next event.
    private void offerNext() {
      if (offered <= head()) {
        if (reader.isLive()) {
          take(offered);
        }
        offered++;
      }
    }

    /// The fan-out fell behind the events in memory.
    private void loseTrack() {
      if (reader.isLive()) {
        reader.fallBehind(offered);
      }
      offered = Math.max(offered, remembered);
    }

    /// Acts as a connection whose reader is behind.
    private void advance() {
      if (reader.isLive() || !room) {
        return;
      }
      switch (reader.source(offered, remembered)) {
        case NONE -> assertThat(reader.position()).isGreaterThan(endAfter);
        case FANOUT -> reader.goLive();
        case MEMORY -> {
          assertThat(reader.position()).isGreaterThanOrEqualTo(remembered);
          long to = Math.min(head(), reader.position() + random.nextInt(4));
          boolean more = true;
          for (long next = reader.position(); more && next <= to; next++) {
            more = take(next);
            if (more) {
              reader.passed(next);
            }
          }
        }
        case LOG -> readBatch();
      }
    }

    /// Takes a complete batch from the log, up to an event that is taken in parts.
    private void readBatch() {
      long next = reader.position();
      int part = reader.part();
      long to = Math.min(Math.min(head(), endAfter), next + random.nextInt(6));
      while (next <= to) {
        if (filter.matches(event(next))) {
          part++;
          if (isLarge(next) && part < PARTS) {
            break;
          }
          taken.add(next);
        }
        part = 0;
        next++;
      }
      if (next > Math.min(head(), endAfter) && endAfter != StreamRequest.NO_END) {
        next = endAfter + 1;
      }
      reader.continueAt(new StoredBatch.Start(next, part));
    }

    /// Acts as a connection that is offered an event.
    private boolean take(long sequence) {
      if (!reader.wants(sequence, event(sequence))) {
        return true;
      }
      if (room && (!isLarge(sequence) || reader.part() == PARTS - 1)) {
        taken.add(sequence);
        reader.took(sequence, event(sequence));
        return true;
      }
      if (room) {
        reader.tookPart(sequence, reader.part() + 1);
      }
      reader.fallBehind(sequence);
      return false;
    }

    private static boolean isLarge(long sequence) {
      return sequence % 7 == 0;
    }

    private void finish() {
      room = true;
      while (taken.size() < wanted().size() || offered <= head()) {
        int before = taken.size();
        long position = reader.position();
        long offeredBefore = offered;
        int part = reader.part();
        boolean live = reader.isLive();
        offerNext();
        advance();
        assertThat(
                taken.size() > before
                    || reader.position() > position
                    || offered > offeredBefore
                    || reader.part() != part
                    || reader.isLive() != live)
            .as("it makes progress")
            .isTrue();
      }
    }
  }
}
