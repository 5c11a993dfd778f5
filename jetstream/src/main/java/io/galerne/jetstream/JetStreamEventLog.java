package io.galerne.jetstream;

import io.galerne.server.log.Commit;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor;
import io.galerne.server.log.Health;
import io.galerne.server.log.LogOpenException;
import io.galerne.server.log.LogRange;
import io.galerne.server.log.LogStats;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.LogUnreachableException;
import io.galerne.server.log.PendingAppend;
import io.galerne.server.log.StreamProgress;
import io.galerne.server.log.runs.RunIndex;
import io.galerne.server.log.store.EventStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The event log on a NATS JetStream stream, for any number of nodes: a [Publisher] appends, a
/// [Follower] applies what all nodes append to this node's store, which answers all reads.
///
/// A node is not ready until it has applied everything that the stream held at the opening: it
/// neither reads nor appends, and [#health] reports the progress.
public final class JetStreamEventLog implements EventLog {
  /// How long opening waits for the node to catch up, so that a node with little to apply is ready
  /// at once.
  private static final long CATCH_UP_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Cluster cluster;
  private final LogStream stream;
  private final EventStore store;
  private final View view;
  private final Progress progress = new Progress();
  private final Follower follower;
  private final Publisher publisher;
  private final StreamTrim trim;
  private final AtomicBoolean closed = new AtomicBoolean();

  private JetStreamEventLog(
      Cluster cluster, LogStream stream, EventStore store, Beginning beginning) {
    this.cluster = cluster;
    this.stream = stream;
    this.store = store;
    long writer = new SecureRandom().nextLong();
    InFlight inFlight = new InFlight();
    Turns turns = new Turns(writer);
    this.view = new View(store, stream, inFlight, turns);
    this.follower =
        new Follower(stream, view, progress, beginning.lastData(), beginning.streamLast());
    this.publisher = new Publisher(stream, store, progress, inFlight, turns, writer);
    this.trim = new StreamTrim(stream, store);
  }

  /// Opens the log on a cluster, and creates its stream if it is missing. Waits for a few seconds
  /// for the node to catch up with the stream; if that takes longer, it continues in the
  /// background.
  ///
  /// @throws IllegalArgumentException if a setting cannot be used
  /// @throws LogOpenException if the log cannot be opened; the message says why and what to do
  public static JetStreamEventLog open(JetStreamLogConfig config) {
    return open(config, commit -> {});
  }

  /// As [#open(JetStreamLogConfig)], with a follower that also receives the commits of catching up.
  static JetStreamEventLog open(JetStreamLogConfig config, Consumer<Commit> follower) {
    Cluster cluster = Cluster.connect(config.access());
    EventStore store = null;
    try {
      LogStream stream = new StreamSetup(cluster, config).open();
      store = openStore(config, stream);
      Beginning beginning = Beginning.check(stream, store, config.store().folder());
      JetStreamEventLog opened = new JetStreamEventLog(cluster, stream, store, beginning);
      opened.view.follow(follower);
      opened.start(config.store().expiryInterval());
      return opened;
    } catch (RuntimeException e) {
      if (store != null) {
        store.close();
      }
      cluster.close();
      throw e instanceof LogOpenException || e instanceof IllegalArgumentException
          ? e
          : new LogOpenException("Cannot open the log: " + e.getMessage(), e);
    }
  }

  private static EventStore openStore(JetStreamLogConfig config, LogStream stream) {
    StreamIdentity identity = stream.identity();
    identity
        .before()
        .ifPresent(id -> EventStore.discard(config.store().folder(), label(stream), id));
    return EventStore.open(config.store(), label(stream), Optional.of(identity.logId()));
  }

  private static String label(LogStream stream) {
    return "view of the NATS stream " + stream.name();
  }

  private void start(Duration expiryInterval) {
    try {
      follower.start();
      progress.awaitCaughtUp(CATCH_UP_NANOS);
      if (!progress.ended().isEmpty()) {
        throw new LogOpenException("Cannot open the log: " + progress.ended());
      }
      publisher.start();
      trim.start(expiryInterval);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      follower.close();
      throw new LogOpenException("Interrupted while opening the log", e);
    } catch (LogOpenException e) {
      follower.close();
      throw e;
    }
  }

  @Override
  public CompletableFuture<long[]> append(List<EventRecord> events) {
    if (events.isEmpty()) {
      return CompletableFuture.completedFuture(new long[0]);
    }
    PendingAppend append = new PendingAppend(events, store.idKey());
    Health health = health();
    if (!health.ready()) {
      append.sequences().completeExceptionally(new LogUnreachableException(health.detail()));
    } else if (!publisher.offer(append)) {
      append.refuse(
          closed.get()
              ? "The server is stopping"
              : "More events arrive than the cluster takes; slow down");
    }
    return append.sequences();
  }

  @Override
  public long read(EventFilter filter, long from, EventVisitor visitor) {
    requireReadable();
    return store.read(filter, from, visitor);
  }

  @Override
  public RunIndex runs() {
    requireReadable();
    return store.runs();
  }

  private void requireReadable() {
    if (closed.get()) {
      throw new LogUnavailableException("The server is stopping");
    }
    LogUnreachableException behind = catchingUp();
    if (behind != null) {
      throw behind;
    }
  }

  /// Returns why nothing can be read yet; null if it can. After catching up, a node answers from
  /// its view even if the cluster is unreachable.
  private @Nullable LogUnreachableException catchingUp() {
    return progress.hasCaughtUp() ? null : new LogUnreachableException(health().detail());
  }

  @Override
  public LogRange range() {
    return store.range();
  }

  @Override
  public CompletableFuture<LogRange> rangeAt(long sequence) {
    LogUnreachableException behind = catchingUp();
    return behind != null
        ? CompletableFuture.failedFuture(behind)
        : progress.reached(sequence).thenApply(_ -> range());
  }

  @Override
  public LogStats stats() {
    return new LogStats(store.bytes(), publisher.pendingEvents());
  }

  @Override
  public String engine() {
    return "jetstream";
  }

  @Override
  public Optional<StreamProgress> progress() {
    return Optional.of(progress.stream());
  }

  @Override
  public String id() {
    return stream.identity().logId();
  }

  @Override
  public Health health() {
    return progress.health();
  }

  @Override
  public long follow(Consumer<Commit> newFollower) {
    return view.follow(newFollower);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      publisher.close();
      trim.close();
      follower.close();
      store.close();
      cluster.close();
    }
  }
}
