package io.galerne.server.log.embedded;

import io.galerne.server.log.AppendQueue;
import io.galerne.server.log.Commit;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor;
import io.galerne.server.log.Health;
import io.galerne.server.log.LogRange;
import io.galerne.server.log.LogStats;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.PendingAppend;
import io.galerne.server.log.runs.RunIndex;
import io.galerne.server.log.store.Draft;
import io.galerne.server.log.store.EventStore;
import io.galerne.server.log.store.StoreConfig;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The event log of a single process, on its own disk. One thread, `galerne-commit`, takes the
/// queued appends, writes and syncs them as one group commit, and only then publishes and answers
/// them.
///
/// Other threads add to `queue` and read `failure`. The store owns everything else.
public final class EmbeddedEventLog implements EventLog {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedEventLog.class);

  private static final String LABEL = "embedded log";

  /// How long the thread waits for appends before it checks the disk again.
  private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// How long closing waits for a slow disk.
  private static final long CLOSE_MILLIS = 2_500;

  private final EventStore store;
  private final AppendQueue queue = new AppendQueue();
  private final Thread thread = Thread.ofPlatform().name("galerne-commit").unstarted(this::run);
  private final List<Consumer<Commit>> followers = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /// Why nothing can be appended now; null if it can.
  private volatile @Nullable String failure;

  private EmbeddedEventLog(EventStore store) {
    this.store = store;
  }

  /// Opens the log in a folder; creates it if missing.
  ///
  /// @throws io.galerne.server.log.LogOpenException if the log cannot be opened; the message says
  ///     why and what to do
  public static EmbeddedEventLog open(StoreConfig config) {
    EmbeddedEventLog opened =
        new EmbeddedEventLog(EventStore.open(config, LABEL, Optional.empty()));
    opened.thread.start();
    return opened;
  }

  @Override
  public CompletableFuture<long[]> append(List<EventRecord> events) {
    if (events.isEmpty()) {
      return CompletableFuture.completedFuture(new long[0]);
    }
    PendingAppend append = new PendingAppend(events, store.idKey());
    if (!queue.offer(append)) {
      append.refuse(whyNotNow());
    }
    return append.sequences();
  }

  private String whyNotNow() {
    if (closed.get()) {
      return "The server is stopping";
    }
    Health health = health();
    return health.ready() ? "More events arrive than the disk takes; slow down" : health.detail();
  }

  private void run() {
    List<PendingAppend> group = List.of();
    try {
      while (!queue.isFinished()) {
        group = queue.take(CHECK_NANOS);
        try {
          store.requireWritable(this::show);
          failure = null;
          if (!group.isEmpty()) {
            commit(group);
          }
        } catch (LogUnavailableException e) {
          failure = e.reason();
          refuse(group, e.reason());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      log.error("{}", AppendQueue.STOPPED, e);
      failure = AppendQueue.STOPPED;
      refuse(group, AppendQueue.STOPPED);
      queue.refuseAll(AppendQueue.STOPPED);
      throw e;
    }
  }

  private void commit(List<PendingAppend> group) {
    Draft draft = store.draft(group);
    if (!draft.isEmpty()) {
      store.commit(draft);
      show(draft.commit());
    }
    draft.answer();
  }

  private void show(Commit commit) {
    followers.forEach(follower -> follower.accept(commit));
  }

  private static void refuse(List<PendingAppend> group, String reason) {
    group.forEach(append -> append.refuse(reason));
  }

  @Override
  public long read(EventFilter filter, long from, EventVisitor visitor) {
    return store.read(filter, from, visitor);
  }

  @Override
  public RunIndex runs() {
    return store.runs();
  }

  @Override
  public LogRange range() {
    return store.range();
  }

  @Override
  public LogStats stats() {
    return new LogStats(store.bytes(), queue.events());
  }

  @Override
  public String engine() {
    return "embedded";
  }

  @Override
  public String id() {
    return store.logId();
  }

  @Override
  public Health health() {
    String detail = failure;
    return detail == null ? Health.READY : new Health(false, detail);
  }

  @Override
  public long follow(Consumer<Commit> follower) {
    followers.add(follower);
    return store.head();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      queue.close();
      try {
        thread.join(CLOSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      store.close();
    }
  }
}
