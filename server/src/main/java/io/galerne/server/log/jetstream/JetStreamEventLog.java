package io.galerne.server.log.jetstream;

import io.galerne.server.log.Commit;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor;
import io.galerne.server.log.EventVisitor.Verdict;
import io.galerne.server.log.ExpiredException;
import io.galerne.server.log.Health;
import io.galerne.server.log.LogOpenException;
import io.galerne.server.log.LogRange;
import io.galerne.server.log.LogStats;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.LogUnreachableException;
import io.galerne.server.log.PendingAppend;
import io.galerne.server.log.jetstream.SegmentIndex.Plan;
import io.galerne.server.log.jetstream.Selected.Found;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// The event log on a NATS JetStream stream, for any number of processes: a [BatchWriter] appends,
/// a [Follower] sees what all processes append. Reads are done on whichever thread asks, from
/// [RecentEvents] in memory, as a [SparseRead] or as a [ClusterRead].
public final class JetStreamEventLog implements EventLog {
  /// After so many events that did not match, a read gives its thread back.
  private static final int MOST_MISSES = 20_000;

  /// From here on, a consumer takes several patterns.
  private static final String SEVERAL_PATTERNS = "2.10.0";

  private final Cluster cluster;
  private final LogStream stream;
  private final SegmentIndex index;
  private final RecentEvents recent;
  private final Progress progress = new Progress();
  private final Follower follower;
  private final BatchWriter writer;
  private final ParkedReads parked = new ParkedReads();
  private final StreamExpiry expiry;
  private final boolean severalPatterns;
  private final AtomicBoolean closed = new AtomicBoolean();

  private JetStreamEventLog(JetStreamLogConfig config, Cluster cluster, LogStream stream) {
    this.cluster = cluster;
    this.stream = stream;
    this.index = new SegmentIndex(config.repeatWindow());
    this.recent = new RecentEvents(config.recentBytes());
    this.follower = new Follower(stream, index, recent, progress);
    this.writer = new BatchWriter(stream, index, progress, config.clock());
    this.expiry = new StreamExpiry(config, stream, index, parked);
    this.severalPatterns = cluster.isAtLeast(SEVERAL_PATTERNS);
  }

  /// Opens the log on a cluster, and makes its stream where there is none. Reads what is needed to
  /// find events, so it takes longer the more was appended since any node last did.
  ///
  /// @throws LogOpenException where that cannot be done; the message says why and what to do
  public static JetStreamEventLog open(JetStreamLogConfig config) {
    Cluster cluster = Cluster.connect(config.cluster());
    JetStreamEventLog opened = null;
    try {
      LogStream stream = new StreamSetup(cluster, config).open();
      opened = new JetStreamEventLog(config, cluster, stream);
      opened.expiry.startKeeping();
      opened.follower.start();
      opened.expiry.start();
      opened.writer.start();
      return opened;
    } catch (RuntimeException e) {
      if (opened != null) {
        opened.close();
      }
      cluster.close();
      throw e instanceof LogOpenException open
          ? open
          : new LogOpenException("Cannot open the log: " + e.getMessage(), e);
    }
  }

  @Override
  public CompletableFuture<long[]> append(List<EventRecord> events) {
    if (events.isEmpty()) {
      return CompletableFuture.completedFuture(new long[0]);
    }
    PendingAppend append = new PendingAppend(events);
    Health health = health();
    if (!health.ready()) {
      append.sequences().completeExceptionally(new LogUnreachableException(health.detail()));
    } else if (!writer.offer(append)) {
      append.refuse(
          closed.get()
              ? "The server is stopping"
              : "More events arrive than the cluster takes; slow down");
    }
    return append.sequences();
  }

  @Override
  public long read(EventFilter filter, long from, EventVisitor visitor) {
    if (closed.get()) {
      throw new LogUnavailableException("The server is stopping");
    }
    long oldest = expiry.oldest();
    if (from < oldest) {
      throw new ExpiredException(from, oldest);
    }
    long head = index.head();
    if (from > head || filter.isEmpty()) {
      return Math.max(from, head + 1);
    }
    Plan plan = index.plan(stream.subjects().selectors(filter, severalPatterns), from);
    return plan.segments().length == 0 ? plan.last() + 1 : read(filter, from, plan, visitor);
  }

  private long read(EventFilter filter, long from, Plan plan, EventVisitor visitor) {
    Selected kept = recent.read(plan, from);
    if (kept != null) {
      return visit(kept, filter, plan, visitor);
    }
    Health health = health();
    if (!health.ready()) {
      throw new LogUnreachableException(health.detail()); // rather than wait for it on this thread
    }
    if (plan.sequences() != null) {
      return visit(new SparseRead(stream, plan.sequences()), filter, plan, visitor);
    }
    ClusterRead events = parked.take(plan.selector(), from);
    if (events == null) {
      events = ClusterRead.open(stream, plan, from);
    } else {
      events.resumeAt(from);
    }
    boolean goesOn = false;
    try {
      long next = visit(events, filter, plan, visitor);
      goesOn = next <= plan.last();
      if (goesOn) {
        parked.park(plan.selector(), next, events);
      }
      return next;
    } finally {
      if (!goesOn) {
        events.close();
      }
    }
  }

  private static long visit(Selected events, EventFilter filter, Plan plan, EventVisitor visitor) {
    int misses = 0;
    Found found = events.peek(plan);
    while (found != null) {
      Verdict verdict = Verdict.TAKEN;
      if (filter.matches(found.event())) {
        verdict = visitor.visit(found.sequence(), found.event());
      } else if (++misses == MOST_MISSES) {
        verdict = Verdict.LAST;
      }
      if (verdict == Verdict.REFUSED) {
        return found.sequence();
      }
      events.pass();
      if (verdict == Verdict.LAST) {
        return found.sequence() + 1;
      }
      found = events.peek(plan);
    }
    return events.end(plan);
  }

  @Override
  public LogRange range() {
    long oldest = expiry.oldest();
    return new LogRange(oldest, Math.max(index.head(), oldest - 1));
  }

  @Override
  public CompletableFuture<LogRange> rangeAt(long sequence) {
    return progress.seen(sequence).thenApply(_ -> range());
  }

  @Override
  public LogStats stats() {
    return new LogStats(expiry.bytes(), writer.pendingEvents());
  }

  @Override
  public String id() {
    return stream.id();
  }

  @Override
  public Health health() {
    return progress.health();
  }

  @Override
  public long follow(Consumer<Commit> newFollower) {
    return follower.follow(newFollower);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      writer.close();
      expiry.close();
      parked.close();
      follower.close();
      cluster.close();
    }
  }
}
