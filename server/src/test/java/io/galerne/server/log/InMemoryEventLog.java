package io.galerne.server.log;

import io.galerne.server.log.runs.OracleRuns;
import io.galerne.server.log.runs.RunIndex;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// The simplest event log: for tests of other parts, and to check that [EventLogContract] is
/// reasonable. An append is complete when the call returns.
///
/// The monitor of `disk` guards changes of its state; readers use the current state without it.
public final class InMemoryEventLog implements EventLog {
  /// The data that survives closing a log. Events are added to the map of a state, never removed.
  public static final class Disk {
    private final String id = UUID.randomUUID().toString();
    private final Map<String, Stored> ids = new HashMap<>();
    private volatile State state = new State(new ConcurrentSkipListMap<>(), 1, 0);
  }

  private record Stored(long sequence, EventRecord event, Instant at) {}

  private record State(ConcurrentNavigableMap<Long, Stored> events, long oldest, long head) {}

  private final Disk disk;
  private final Clock clock;
  private final Duration retentionAge;
  private final Duration repeatWindow;
  private final RunIndex runs = new OracleRuns(this::retained);
  private final List<Consumer<Commit>> followers = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  /// @param disk the data of an earlier log, or a new one
  public InMemoryEventLog(Disk disk, Clock clock, Duration retentionAge, Duration repeatWindow) {
    this.disk = disk;
    this.clock = clock;
    this.retentionAge = retentionAge;
    this.repeatWindow = repeatWindow;
  }

  /// An empty log that keeps everything.
  public InMemoryEventLog() {
    this(new Disk(), Clock.systemUTC(), Duration.ofDays(10_000), Duration.ofDays(10_000));
  }

  @Override
  public CompletableFuture<long[]> append(List<EventRecord> events) {
    synchronized (disk) {
      if (closed) {
        return CompletableFuture.failedFuture(new LogUnavailableException("The log is closed"));
      }
      expire();
      Instant now = clock.instant();
      State before = disk.state;
      long head = before.head();
      List<Stored> fresh = new ArrayList<>();
      long[] sequences = new long[events.size()];
      for (int i = 0; i < sequences.length; i++) {
        EventRecord event = events.get(i);
        String id = event.text(Field.NAMESPACE) + "\n" + event.text(Field.EVENT_ID);
        Stored known = disk.ids.get(id);
        if (known == null || known.at().plus(repeatWindow).isBefore(now)) {
          known = new Stored(++head, event, now);
          disk.ids.put(id, known);
          before.events().put(known.sequence(), known);
          fresh.add(known);
        }
        sequences[i] = known.sequence();
      }
      disk.state = new State(before.events(), before.oldest(), head);
      if (!fresh.isEmpty()) {
        Commit commit =
            new Commit(
                fresh.getFirst().sequence(),
                fresh.stream().map(Stored::event).toArray(EventRecord[]::new),
                System.nanoTime());
        followers.forEach(follower -> follower.accept(commit));
      }
      return CompletableFuture.completedFuture(sequences);
    }
  }

  @Override
  public long read(EventFilter filter, long from, EventVisitor visitor) {
    if (closed) {
      throw new LogUnavailableException("The log is closed");
    }
    expire();
    State state = disk.state;
    if (from < state.oldest()) {
      throw new ExpiredException(from, state.oldest());
    }
    for (Stored stored : state.events().tailMap(from, true).values()) {
      if (stored.sequence() > state.head()) {
        break;
      }
      if (filter.matches(stored.event())) {
        switch (visitor.visit(stored.sequence(), stored.event())) {
          case TAKEN -> {}
          case LAST -> {
            return stored.sequence() + 1;
          }
          case REFUSED -> {
            return stored.sequence();
          }
        }
      }
    }
    return Math.max(from, state.head() + 1);
  }

  private void expire() {
    synchronized (disk) {
      State before = disk.state;
      Instant since = clock.instant().minus(retentionAge);
      long oldest =
          before.events().values().stream()
              .filter(stored -> !stored.at().isBefore(since))
              .findFirst()
              .map(Stored::sequence)
              .orElse(before.head() + 1);
      if (oldest > before.oldest()) {
        // a new map, because running reads continue in the old one
        ConcurrentNavigableMap<Long, Stored> kept =
            new ConcurrentSkipListMap<>(before.events().tailMap(oldest, true));
        disk.state = new State(kept, oldest, before.head());
      }
    }
  }

  @Override
  public RunIndex runs() {
    return runs;
  }

  private SortedMap<Long, EventRecord> retained() {
    expire();
    State state = disk.state;
    SortedMap<Long, EventRecord> events = new TreeMap<>();
    state
        .events()
        .headMap(state.head(), true)
        .forEach((sequence, stored) -> events.put(sequence, stored.event()));
    return events;
  }

  @Override
  public LogRange range() {
    expire();
    State state = disk.state;
    return new LogRange(state.oldest(), state.head());
  }

  @Override
  public LogStats stats() {
    long bytes =
        disk.state.events().values().stream().mapToLong(stored -> stored.event().length()).sum();
    return new LogStats(bytes, 0);
  }

  @Override
  public String engine() {
    return "memory";
  }

  @Override
  public String id() {
    return disk.id;
  }

  @Override
  public Health health() {
    return closed ? new Health(false, "The log is closed") : Health.READY;
  }

  @Override
  public long follow(Consumer<Commit> follower) {
    synchronized (disk) {
      followers.add(follower);
      return disk.state.head();
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
