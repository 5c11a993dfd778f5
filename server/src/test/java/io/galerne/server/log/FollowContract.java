package io.galerne.server.log;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.server.log.EventVisitor.Verdict;
import io.galerne.server.log.Logs.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// The part of [EventLogContract] about followers and concurrent readers.
interface FollowContract extends EventLogHarness {
  int APPENDERS = 6;
  int APPENDS = 60;
  int READERS = 6;

  @Test
  default void followersGetEveryCommitOnceInOrder() {
    ConcurrentLinkedQueue<Entry> one = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<Entry> two = new ConcurrentLinkedQueue<>();
    try (EventLog log = openFresh()) {
      log.follow(commit -> keep(commit, one));
      log.follow(commit -> keep(commit, two));
      RandomEvents events = new RandomEvents(1);
      for (int i = 1; i <= 20; i++) {
        append(log, events.records(i, "acme"));
      }
      List<Entry> stored = readAll(log, "acme");
      await().until(() -> one.size() >= stored.size() && two.size() >= stored.size());
      assertSame(List.copyOf(one), stored);
      assertSame(List.copyOf(two), stored);
    }
  }

  @Test
  default void followersGetNoRepeats() {
    ConcurrentLinkedQueue<Entry> seen = new ConcurrentLinkedQueue<>();
    try (EventLog log = openFresh()) {
      log.follow(commit -> keep(commit, seen));
      EventRecord one = SampleEvent.any().id("one").record();
      EventRecord two = SampleEvent.any().id("two").record();
      append(log, one, one);
      append(log, one);
      append(log, one, two);
      await().until(() -> seen.size() >= 2);
      assertThat(Logs.eventIds(seen)).containsExactly("one", "two");
    }
  }

  @Test
  default void followersGetOnlyReadableEvents() {
    ConcurrentLinkedQueue<String> unread = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<Entry> seen = new ConcurrentLinkedQueue<>();
    try (EventLog log = openFresh()) {
      log.follow(commit -> {
        if (log.range().head() < commit.lastSequence()) {
          unread.add("head before " + commit.lastSequence());
        }
        List<Entry> read = readAll(log, EventFilter.in("acme").build(), commit.firstSequence());
        if (read.size() < commit.size()) {
          unread.add(read.size() + " of " + commit.size() + " from " + commit.firstSequence());
        }
        keep(commit, seen);
      });
      for (int i = 0; i < 20; i++) {
        append(log, new RandomEvents(i).records(5, "acme"));
      }
      await().until(() -> seen.size() >= 100);
      assertThat(unread).isEmpty();
    }
  }

  @Test
  default void readersMissNothingDuringConcurrentAppends() throws Exception {
    long seed = System.nanoTime();
    System.out.println("readersMissNothingDuringConcurrentAppends seed " + seed);
    AtomicBoolean done = new AtomicBoolean();
    ConcurrentLinkedQueue<Entry> followed = new ConcurrentLinkedQueue<>();
    try (EventLog log = openFresh();
        ExecutorService threads = Executors.newCachedThreadPool()) {
      log.follow(commit -> keep(commit, followed));
      append(log, new RandomEvents(seed).records(200, "acme"));
      List<Future<?>> appenders = new ArrayList<>();
      for (int i = 1; i <= APPENDERS; i++) {
        long own = seed + i;
        appenders.add(threads.submit(() -> appendMany(log, own)));
      }
      List<Future<Reader>> readers = new ArrayList<>();
      for (int i = 1; i <= READERS; i++) {
        readers.add(threads.submit(new Reader(log, new Random(seed - i), done)));
      }
      try {
        for (Future<?> appender : appenders) {
          appender.get(60, SECONDS);
        }
      } finally {
        done.set(true); // also after a failure, so that the readers end
      }

      List<Entry> stored = readAll(log, "acme");
      for (Future<Reader> future : readers) {
        Reader reader = future.get(60, SECONDS);
        List<Entry> expected =
            stored.stream()
                .filter(entry -> entry.sequence() >= reader.from)
                .filter(entry -> reader.filter.matches(entry.event()))
                .toList();
        assertThat(Logs.sequences(reader.entries))
            .as("from %s, seed %s", reader.from, seed)
            .isEqualTo(Logs.sequences(expected));
        assertThat(Logs.eventIds(reader.entries)).isEqualTo(Logs.eventIds(expected));
      }
      assertThat(Logs.sequences(stored)).isSorted().doesNotHaveDuplicates();
      assertThat(Logs.eventIds(stored)).doesNotHaveDuplicates();
      await().until(() -> followed.size() >= stored.size());
      assertSame(List.copyOf(followed), stored);
    }
  }

  private static void appendMany(EventLog log, long seed) {
    RandomEvents events = new RandomEvents(seed);
    Random random = new Random(seed);
    for (int i = 0; i < APPENDS; i++) {
      append(log, events.records(1 + random.nextInt(8), "acme"));
    }
  }

  /// Reads on from its position, in chunks of random size, until all events are appended.
  final class Reader implements Callable<Reader> {
    private final EventLog log;
    private final Random random;
    private final AtomicBoolean done;
    private final List<Entry> entries = new ArrayList<>();
    private final EventFilter filter;
    private final long from;

    Reader(EventLog log, Random random, AtomicBoolean done) {
      this.log = log;
      this.random = random;
      this.done = done;
      EventFilter.Builder wanted = EventFilter.in("acme");
      if (random.nextBoolean()) {
        wanted.where(Field.STREAM, "activity");
      }
      this.filter = wanted.build();
      this.from = 1 + random.nextInt(200);
    }

    @Override
    public Reader call() {
      long next = from;
      long deadline = System.nanoTime() + SECONDS.toNanos(60);
      while (!done.get() || next <= log.range().head()) {
        assertThat(System.nanoTime()).as("stuck at %s", next).isLessThan(deadline);
        int most = entries.size() + 1 + random.nextInt(50);
        Verdict end = random.nextBoolean() ? Verdict.LAST : Verdict.REFUSED;
        next =
            log.read(
                filter,
                next,
                (sequence, event) -> {
                  if (entries.size() == most) {
                    return Verdict.REFUSED;
                  }
                  entries.add(new Entry(sequence, Logs.copy(event)));
                  return entries.size() == most && end == Verdict.LAST ? end : Verdict.TAKEN;
                });
      }
      return this;
    }
  }

  private static void keep(Commit commit, ConcurrentLinkedQueue<Entry> entries) {
    for (int i = 0; i < commit.size(); i++) {
      entries.add(new Entry(commit.sequence(i), commit.events()[i]));
    }
  }

  private static void assertSame(List<Entry> found, List<Entry> expected) {
    assertThat(Logs.sequences(found)).isEqualTo(Logs.sequences(expected));
    assertThat(Logs.eventIds(found)).isEqualTo(Logs.eventIds(expected));
    for (int i = 0; i < found.size(); i++) {
      assertThat(Logs.bytes(found.get(i).event())).isEqualTo(Logs.bytes(expected.get(i).event()));
    }
  }
}
