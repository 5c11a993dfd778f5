package io.galerne.server.log.rocksdb;

import static java.util.Objects.requireNonNull;

import io.galerne.server.log.AppendQueue;
import io.galerne.server.log.Commit;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Health;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.PendingAppend;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that writes events: takes what waits, writes and syncs it as one, and only then
/// shows and answers it.
///
/// After a failed write nobody knows what is in the store's files, so nothing is written until the
/// store has been opened again from them; what turns out to have survived is shown then.
///
/// Other threads only put into `queue` and read the two volatile fields.
final class Committer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Committer.class);

  /// Below this, nothing more is appended: the store needs room to tidy up, and to open again.
  private static final long LEAST_FREE_BYTES = 128L << 20;

  /// How often the free room is looked at, and a store that failed is opened again.
  private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// How long closing waits for a disk that takes its time.
  private static final long CLOSE_MILLIS = 2_500;

  private final RocksLogConfig config;
  private final DataFolder folder;
  private final StoreSlot slot;
  private final AppendQueue queue = new AppendQueue();
  private final Thread thread = Thread.ofPlatform().name("galerne-commit").unstarted(this::run);

  private volatile long head;
  private volatile @Nullable String failure;

  private final List<Consumer<Commit>> followers = new CopyOnWriteArrayList<>();
  private final BlockBuffer blocks = new BlockBuffer();
  private RepeatedIds ids;
  private boolean mustReopen;
  private long checkedNanos = System.nanoTime() - CHECK_NANOS;
  private long lastMillis;

  /// @param head the highest sequence that is taken
  Committer(RocksLogConfig config, DataFolder folder, StoreSlot slot, long head)
      throws RocksDBException {
    this.config = config;
    this.folder = folder;
    this.slot = slot;
    this.head = head;
    this.lastMillis = slot.use(Committer::lastCommitMillis);
    this.ids = repeatedIds();
  }

  private RepeatedIds repeatedIds() throws RocksDBException {
    return slot.use(store -> new RepeatedIds(store, config.repeatWindow(), now()));
  }

  /// Never a little before the last commit, whatever the clock does. If the last commit is far in the
  /// future, the clock was wrong then: the time is the clock's again.
  private long now() {
    long now = config.clock().millis();
    boolean wasWrong = lastMillis - now > Expiry.FUTURE_MILLIS;
    lastMillis = wasWrong ? now : Math.max(lastMillis, now);
    return lastMillis;
  }

  private static long lastCommitMillis(RocksStore store) throws RocksDBException {
    try (RocksIterator events = store.overEvents()) {
      events.seekToLast();
      events.status();
      return events.isValid() ? new Block(events.value()).commitMillis() : 0;
    }
  }

  void start() {
    thread.start();
  }

  long follow(Consumer<Commit> follower) {
    followers.add(follower);
    return head;
  }

  /// Takes an append for one of the next commits.
  ///
  /// @return whether there was room for it
  boolean offer(PendingAppend append) {
    return queue.offer(append);
  }

  int pendingEvents() {
    return queue.events();
  }

  /// The highest sequence that is durable.
  long head() {
    return head;
  }

  Health health() {
    String detail = failure;
    return detail == null ? Health.READY : new Health(false, detail);
  }

  private void run() {
    List<PendingAppend> group = List.of();
    try {
      while (!queue.isFinished()) {
        group = queue.take(CHECK_NANOS);
        try {
          ensureWritable();
          if (!group.isEmpty()) {
            commit(group);
          }
        } catch (RocksDBException e) {
          mustReopen = true;
          refuse(group, fail("The log cannot be written: " + e.getMessage()));
        } catch (LogUnavailableException e) {
          refuse(group, fail(e.reason()));
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

  private void commit(List<PendingAppend> group) throws RocksDBException {
    try (WriteBatch batch = new WriteBatch()) {
      CommitWriter writer = slot.use(store -> write(store, batch, group));
      EventRecord[] events = writer.fresh();
      if (events.length > 0) {
        show(head + 1, events, group.getFirst().acceptedNanos());
      }
      for (int i = 0; i < group.size(); i++) {
        group.get(i).sequences().complete(writer.answers().get(i));
      }
    }
  }

  private CommitWriter write(RocksStore store, WriteBatch batch, List<PendingAppend> group)
      throws RocksDBException {
    long now = now();
    ids.advance(batch, now);
    CommitWriter writer = new CommitWriter(store, ids, blocks, batch, head);
    writer.assign(group);
    EventRecord[] events = writer.fresh();
    if (events.length > 0) {
      writer.write(events, now);
    }
    if (batch.count() > 0) {
      store.write(batch);
    }
    return writer;
  }

  private void show(long first, EventRecord[] events, long acceptedNanos) {
    long[] sequences = new long[events.length];
    for (int i = 0; i < sequences.length; i++) {
      sequences[i] = first + i;
    }
    head = sequences[sequences.length - 1];
    Commit commit = new Commit(sequences, events, acceptedNanos);
    followers.forEach(follower -> follower.accept(commit));
  }

  private String fail(String reason) {
    if (!reason.equals(failure)) {
      log.error("{}", reason);
      failure = reason;
    }
    return reason;
  }

  private static void refuse(List<PendingAppend> group, String reason) {
    group.forEach(append -> append.refuse(reason));
  }

  private void ensureWritable() throws RocksDBException {
    long now = System.nanoTime();
    boolean due = now - checkedNanos >= CHECK_NANOS;
    if (!due && failure != null) {
      throw new LogUnavailableException(requireNonNull(failure));
    }
    if (due) {
      checkedNanos = now;
      requireFreeSpace();
      if (mustReopen) {
        reopen();
      }
      if (failure != null) {
        log.info("The log can be written again");
        failure = null;
      }
    }
  }

  private void requireFreeSpace() {
    long free;
    try {
      free = folder.free();
    } catch (IOException e) {
      throw new LogUnavailableException("Cannot tell how full the disk of " + folder + " is", e);
    }
    if (free < LEAST_FREE_BYTES) {
      throw new LogUnavailableException(
          "The disk of "
              + folder
              + " is full: less than "
              + (LEAST_FREE_BYTES >> 20)
              + " MiB are free; make room, or keep less with --retention-size");
    }
  }

  private void reopen() throws RocksDBException {
    slot.reopen();
    ids = repeatedIds();
    slot.use(store -> {
      try (LogReader reader = new LogReader(store)) {
        Block block = reader.blockFrom(head + 1);
        while (block != null) {
          show(block.first(), block.events(), System.nanoTime());
          block = reader.blockFrom(head + 1);
        }
      }
      return head;
    });
    mustReopen = false;
  }

  /// Commits what waits and ends the thread.
  @Override
  public void close() {
    queue.close();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
