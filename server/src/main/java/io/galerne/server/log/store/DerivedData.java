package io.galerne.server.log.store;

import static java.util.Objects.requireNonNull;

import io.galerne.server.log.Block;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor.Verdict;
import io.galerne.server.log.Field;
import io.galerne.server.log.IdHash;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.runs.Run;
import io.galerne.server.log.runs.RunChanges;
import io.galerne.server.log.runs.RunExpiry;
import io.galerne.server.log.runs.RunReader;
import io.galerne.server.log.runs.RunTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The data derived from blocks: index, ids and runs. That of recent blocks is in memory, in one or
/// two [RecentData]s, and is flushed to disk as sorted tables from time to time. So a commit writes
/// its blocks only. After a crash, the data is derived again from the blocks after the mark.
///
/// One thread adds, another expires; both hold the lock. Any thread reads `recent`, which is
/// replaced atomically. The lock also guards `writing`, which passes data to the thread
/// `galerne-index`.
final class DerivedData implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DerivedData.class);

  /// How long an append waits until earlier data is written. A disk that takes longer is stuck.
  private static final Duration ROOM = Duration.ofSeconds(10);

  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// How often closing logs that it still waits for the writer.
  private static final long CLOSE_MILLIS = 5_000;

  private final Database database;
  private final StoreConfig config;
  private final Thread writer = Thread.ofPlatform().name("galerne-index").unstarted(this::run);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private final RunTable runTable;
  private final RunExpiry runExpiry;

  /// Events below it had expired when the store was opened, though their blocks may still exist.
  private final long oldest;

  private volatile Buckets buckets;

  /// The newest bucket used so far. It never decreases, even if the clock does, so that no id
  /// expires too early.
  private final AtomicInteger newestBucket = new AtomicInteger();

  /// Oldest first: the data that is being written, if any, then the active data.
  private volatile List<RecentData> recent;

  private @Nullable RecentData writing;
  private boolean closing;
  private boolean abandoned;

  /// Loads the data on disk and derives the rest from the blocks after the mark.
  ///
  /// @param newestMillis the commit time of the newest block
  DerivedData(Database database, StoreConfig config, long newestMillis) throws RocksDBException {
    this.database = database;
    this.config = config;
    long now = Math.max(newestMillis, config.clock().millis());
    this.buckets = Buckets.load(database, config.repeatWindow(), now);
    newestBucket.set(Math.max(buckets.at(now), database.newestBucket()));
    this.runTable = new RunTable(database.db(), database.runs(), knownRuns(config));
    this.runExpiry = new RunExpiry(runTable);
    this.oldest = database.number(StoreKeys.OLDEST, 1);
    long mark = database.number(StoreKeys.DERIVED, 0);
    this.recent = List.of(new RecentData(mark + 1, 0, new RunChanges(runTable, null)));
    writer.start();
    boolean derived = false;
    try {
      deriveRunsAgain(mark);
      deriveFrom(mark + 1);
      expireRunsBefore(oldest);
      buckets = buckets.withCurrent(database, newestBucket.get(), config.repeatWindow(), now);
      derived = true;
    } finally {
      if (!derived) {
        abandon();
      }
    }
  }

  /// The known runs take about half as much memory as the index.
  private static int knownRuns(StoreConfig config) {
    return Math.clamp(config.indexBytes() / 160, 8, 1_000_000);
  }

  /// Rebuilds all runs up to the mark from the events if they are missing or have another version.
  private void deriveRunsAgain(long mark) throws RocksDBException {
    if (database.number(StoreKeys.RUNS, 0) == RunTable.VERSION) {
      return;
    }
    runTable.clear();
    DataWriter tables = new DataWriter(database);
    RunChanges changes = new RunChanges(runTable, null);
    try (LogReader reader = new LogReader(database)) {
      Block block = reader.blockFrom(oldest);
      while (block != null && block.last() <= mark) {
        changes.add(block.first(), block.events(), oldest);
        if (changes.bytes() >= config.indexBytes()) {
          tables.write(changes);
          changes = new RunChanges(runTable, null);
        }
        block = reader.nextBlock();
      }
    }
    tables.write(changes);
    database.put(StoreKeys.RUNS, StoreKeys.number(RunTable.VERSION));
  }

  private void deriveFrom(long sequence) throws RocksDBException {
    try (LogReader reader = new LogReader(database)) {
      Block block = reader.blockFrom(sequence);
      while (block != null) {
        addBlock(block, block.events(), null);
        block = reader.nextBlock();
      }
    }
  }

  /// The key for hashing ids.
  IdHash.Key idKey() {
    return database.idKey();
  }

  /// Adds blocks, in ascending order. They must be in the database already.
  ///
  /// @param records the events of all blocks, in order
  /// @param hashes the id hashes of all records; null to compute them if needed
  void add(List<Block> blocks, EventRecord[] records, IdHash @Nullable [] hashes)
      throws RocksDBException {
    int from = 0;
    for (Block block : blocks) {
      int to = from + block.count();
      EventRecord[] of = new EventRecord[block.count()];
      System.arraycopy(records, from, of, 0, of.length);
      IdHash[] ids = null;
      if (hashes != null) {
        ids = new IdHash[of.length];
        System.arraycopy(hashes, from, ids, 0, ids.length);
      }
      addBlock(block, of, ids);
      from = to;
    }
  }

  private void addBlock(Block block, EventRecord[] records, IdHash @Nullable [] hashes)
      throws RocksDBException {
    lock.lock();
    try {
      addLocked(block, records, hashes);
    } finally {
      lock.unlock();
    }
  }

  private void addLocked(Block block, EventRecord[] records, IdHash @Nullable [] hashes)
      throws RocksDBException {
    long now = config.clock().millis();
    // Another node's clock may be days ahead: its blocks must not expire the ids of all others.
    int bucket = buckets.at(Math.min(block.commitMillis(), now + Expiry.FUTURE_MILLIS));
    boolean recognised = bucket >= buckets.at(now) - 1;
    int newest = newestBucket.accumulateAndGet(bucket, Math::max);
    if (block.last() <= recent.getLast().last()) {
      return; // a power failure lost the view's last blocks, but not the data derived from them
    }
    RecentData data = dataFor(block, recognised ? newest : 0);
    IdHash[] ids = recognised ? (hashes == null ? hashes(records) : hashes) : new IdHash[0];
    data.add(block, records, ids);
    data.runs().add(block.first(), records, oldest);
  }

  private IdHash[] hashes(EventRecord[] records) {
    IdHash[] hashes = new IdHash[records.length];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = idKey().of(records[i]);
    }
    return hashes;
  }

  private RecentData dataFor(Block block, int bucket) {
    RecentData active = recent.getLast();
    if (active.isEmpty() && active.reaches(block.last())) {
      if (active.bucket() != bucket) {
        replaceActive(new RecentData(active.first(), bucket, active.runs()));
      }
    } else if (active.bucket() != bucket
        || active.bytes() >= config.indexBytes()
        || !active.reaches(block.last())) {
      rotate(block.first(), bucket);
    }
    return recent.getLast();
  }

  private void replaceActive(RecentData data) {
    lock.lock();
    try {
      recent = writing == null ? List.of(data) : List.of(writing, data);
    } finally {
      lock.unlock();
    }
  }

  /// Passes the active data to the writer thread and starts new data.
  private void rotate(long first, int bucket) {
    lock.lock();
    try {
      if (!awaitNothingToWrite(ROOM.toNanos())) {
        throw new LogUnavailableException(
            "The index cannot be written to disk; check the disk and the errors in the log");
      }
      RecentData active = recent.getLast();
      if (active.isEmpty()) {
        recent = List.of(new RecentData(first, bucket, active.runs()));
      } else {
        writing = active;
        RunChanges changes = new RunChanges(runTable, active.runs());
        recent = List.of(active, new RecentData(first, bucket, changes));
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitNothingToWrite(long nanos) {
    long left = nanos;
    try {
      while (writing != null && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return writing == null;
  }

  private void run() {
    try {
      RecentData data = nextToWrite();
      while (data != null) {
        writeOrRetry(data);
        data = nextToWrite();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      log.error("Writing the index to disk stopped; restart the server", e);
      throw e;
    }
  }

  private @Nullable RecentData nextToWrite() throws InterruptedException {
    lock.lock();
    try {
      while (writing == null && !closing) {
        changed.await();
      }
      return abandoned ? null : writing;
    } finally {
      lock.unlock();
    }
  }

  private void writeOrRetry(RecentData data) throws InterruptedException {
    boolean reported = false;
    while (true) {
      try {
        new DataWriter(database).write(data, newestBucket.get());
        break;
      } catch (RocksDBException | RuntimeException e) {
        if (!reported) {
          log.error("Cannot write the index to disk, retrying: {}", e.getMessage());
          reported = true;
        }
      }
      lock.lock();
      try {
        if (closing) {
          abandoned = true; // the next start derives it again
          return;
        }
        changed.awaitNanos(RETRY_NANOS);
      } finally {
        lock.unlock();
      }
    }
    lock.lock();
    try {
      RecentData active = recent.getLast();
      active.runs().olderIsOnDisk();
      recent = List.of(active);
      writing = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The data in memory, oldest first: everything from the first sequence of the first element on.
  /// Take it before reading the disk.
  List<RecentData> recent() {
    return recent;
  }

  /// A reader of the current runs.
  RunReader runs() {
    return new RunReader(runTable, recent.getLast().runs());
  }

  /// Expires runs with their events, which must still be stored.
  void expireRunsBefore(long sequence) throws RocksDBException {
    runExpiry.expireBefore(
        sequence,
        this::oldestEvent,
        change -> {
          lock.lock();
          try {
            change.in(recent.getLast().runs());
          } finally {
            lock.unlock();
          }
        });
  }

  private RunExpiry.@Nullable Beginning oldestEvent(Run run, long from) throws RocksDBException {
    EventFilter filter =
        EventFilter.in(run.namespace())
            .where(Field.WORKFLOW_RUN_ID, run.runId())
            .where(Field.WORKFLOW_EXEC_ID, run.executionId())
            .build();
    List<RunExpiry.Beginning> found = new ArrayList<>();
    List<RecentData> inMemory = recent;
    try (LogReader reader = new LogReader(database)) {
      Postings candidates = reader.candidates(filter, inMemory);
      long next = from;
      while (found.isEmpty() && next <= run.lastSequence()) {
        next =
            reader.read(
                candidates,
                filter,
                next,
                run.lastSequence(),
                (sequence, event) -> {
                  found.add(new RunExpiry.Beginning(sequence, event));
                  return Verdict.LAST;
                });
      }
    }
    return found.isEmpty() ? null : found.getFirst();
  }

  /// Looks up the sequence of each id; [RecentData#UNKNOWN] if no event with that id was stored
  /// within the deduplication window.
  long[] find(List<IdHash> ids, long nowMillis) throws RocksDBException {
    int current = newestBucket.accumulateAndGet(buckets.at(nowMillis), Math::max);
    long[] found = new long[ids.size()];
    List<IdHash> missing = new ArrayList<>();
    List<RecentData> inMemory = recent;
    for (int i = 0; i < found.length; i++) {
      found[i] = findRecent(inMemory, current, ids.get(i));
      if (found[i] == RecentData.UNKNOWN) {
        missing.add(ids.get(i));
      }
    }
    if (!missing.isEmpty()) {
      long[] stored = database.find(missing, current);
      int at = 0;
      for (int i = 0; i < found.length; i++) {
        if (found[i] == RecentData.UNKNOWN) {
          found[i] = stored[at++];
        }
      }
    }
    return found;
  }

  private static long findRecent(List<RecentData> inMemory, int current, IdHash id) {
    for (int i = inMemory.size() - 1; i >= 0; i--) {
      RecentData data = inMemory.get(i);
      long sequence = data.bucket() >= current - 1 ? data.find(id) : RecentData.UNKNOWN;
      if (sequence != RecentData.UNKNOWN) {
        return sequence;
      }
    }
    return RecentData.UNKNOWN;
  }

  /// Writes the data in memory and stops the writer thread. Do not add anything afterwards.
  @Override
  public void close() {
    RecentData active = requireNonNull(recent.getLast());
    if (!active.isEmpty()) {
      try {
        rotate(active.last() + 1, active.bucket());
      } catch (LogUnavailableException e) {
        log.warn("The index could not be written; the next start rebuilds it");
      }
    }
    end(false);
  }

  /// Stops the writer thread without writing.
  void abandon() {
    end(true);
  }

  private void end(boolean abandon) {
    lock.lock();
    try {
      closing = true;
      abandoned = abandon;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (true) {
      try {
        writer.join(CLOSE_MILLIS);
        if (!writer.isAlive()) {
          break;
        }
        log.warn("Still writing the index to disk");
      } catch (InterruptedException e) {
        interrupted = true; // the database must not be closed under the writer
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
