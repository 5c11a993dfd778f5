package io.galerne.server.log.store;

import io.galerne.server.log.Block;
import io.galerne.server.log.LogUnavailableException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Forgets the oldest events, by age and by size: now and then, in ranges, on a thread of its own.
/// Whole files go at once; nothing is read or rewritten for it. Size is that of the blocks before
/// compression, which they themselves tell, so it is exact and the same on every node.
///
/// The newest block stays on disk, also if it has expired: it says how many bytes the log has had. Nobody
/// reads it, as `oldest` lies after it.
///
/// `oldest` and `written` move under the lock of this; any thread reads `oldest`.
final class Expiry implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Expiry.class);

  /// A commit that is dated by more than this after now was made while the clock was wrong: its date
  /// says nothing about its age.
  static final long FUTURE_MILLIS = TimeUnit.HOURS.toMillis(1);

  private static final long CLOSE_SECONDS = 2;
  private static final byte[] FIRST_KEY = {};

  private final StoreConfig config;
  private final StoreSlot slot;
  private final LongSupplier head;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("galerne-expiry").daemon().factory());

  private volatile long oldest;

  /// Everything before it is known on disk to have expired.
  private long written;

  private volatile long bytes;

  /// @param oldest the oldest sequence that is retained
  /// @param head tells the highest sequence
  Expiry(StoreConfig config, StoreSlot slot, long oldest, LongSupplier head) {
    this.config = config;
    this.slot = slot;
    this.oldest = oldest;
    this.written = oldest;
    this.head = head;
  }

  void start() {
    long millis = config.expiryInterval().toMillis();
    executor.scheduleWithFixedDelay(this::run, 0, millis, TimeUnit.MILLISECONDS);
  }

  /// The oldest sequence that may be read.
  long oldest() {
    return oldest;
  }

  /// How many bytes of events are retained, as of the last look.
  long bytes() {
    return bytes;
  }

  /// Looks once for events to expire. Also for other threads than its own.
  void run() {
    try {
      slot.use(store -> {
        expire(store);
        return oldest;
      });
    } catch (LogUnavailableException e) {
      log.debug("No expiry now: {}", e.getMessage());
    } catch (RocksDBException | IllegalArgumentException e) {
      log.error(
          "Cannot expire events, trying again in {}: {}", config.expiryInterval(), e.getMessage());
    } catch (RuntimeException | Error e) {
      log.error("Cannot expire events, trying again in {}", config.expiryInterval(), e);
    }
  }

  private void expire(OpenStore store) throws RocksDBException {
    Database database = store.database();
    // before the blocks are looked at: later events have not been looked at
    long end = head.getAsLong() + 1;
    try (LogReader reader = new LogReader(database)) {
      long keep = oldest;
      if (config.retentionAge().isPresent()) {
        long since = config.clock().instant().toEpochMilli() - millis(config);
        keep = Math.max(keep, firstWith(reader, Block::commitMillis, since, end));
      }
      Block last = reader.lastBlock();
      long logBytes = last == null ? 0 : last.logBytes() + last.length();
      if (config.retentionBytes().isPresent()) {
        long from = logBytes - config.retentionBytes().getAsLong();
        keep = Math.max(keep, firstWith(reader, Block::logBytes, from, end));
      }
      expireBefore(store, keep);
      Block first = reader.blockFrom(oldest);
      bytes = first == null ? 0 : logBytes - first.logBytes();
    }
  }

  private static long millis(StoreConfig config) {
    try {
      return config.retentionAge().orElseThrow().toMillis();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE / 2; // longer than any clock has run
    }
  }

  /// The first sequence of the first block of which something is at least `least`, which ascends from
  /// block to block; `end` if no block is left. What lies before a block that is below it is older
  /// still, whatever its date.
  private long firstWith(LogReader reader, ToLongFunction<Block> ascending, long least, long end)
      throws RocksDBException {
    long low = oldest;
    long high = end;
    while (low < high) {
      long middle = low + (high - low) / 2;
      Block block = firstDated(reader, middle, high);
      if (block != null && ascending.applyAsLong(block) < least) {
        low = block.last() + 1;
      } else if (block == null || block.first() > middle) {
        high = middle;
      } else {
        high = Math.max(low, block.first());
      }
    }
    // if nothing is left, the next event is the oldest
    return reader.blockFrom(low) == null ? end : low;
  }

  /// The first block from `from` on whose date can be true; null if there is none before `end`.
  private @Nullable Block firstDated(LogReader reader, long from, long end)
      throws RocksDBException {
    long latest = config.clock().millis() + FUTURE_MILLIS;
    Block block = reader.blockFrom(from);
    while (block != null && block.first() < end && block.commitMillis() > latest) {
      block = reader.nextBlock();
    }
    return block == null || block.first() >= end ? null : block;
  }

  /// Forgets everything before a sequence, if it has not been forgotten yet.
  synchronized void expireBefore(OpenStore store, long sequence) throws RocksDBException {
    long from = written;
    if (sequence <= from) {
      return;
    }
    Database database = store.database();
    store.derived().expireRunsBefore(sequence);
    oldest = Math.max(oldest, sequence); // first: no read begins at events that are about to go
    byte[] eventsEnd = StoreKeys.number(Math.min(sequence, firstNeeded(database)));
    byte[] indexEnd = StoreKeys.segmentStart(StoreKeys.segment(sequence));
    try (WriteBatch batch = new WriteBatch()) {
      batch.put(database.meta(), StoreKeys.OLDEST, StoreKeys.number(sequence));
      batch.deleteRange(database.events(), FIRST_KEY, eventsEnd);
      batch.deleteRange(database.index(), FIRST_KEY, indexEnd);
      database.write(batch, true);
    }
    written = sequence;
    deleteFiles(database, database.events(), eventsEnd);
    deleteFiles(database, database.index(), indexEnd);
    log.info("Expired the events from sequence {} to {}", from, sequence - 1);
  }

  /// The first sequence whose block must stay, whatever has expired. Ids are recognised for longer than
  /// their events may be kept, so a block stays until its ids are on disk.
  private static long firstNeeded(Database database) throws RocksDBException {
    long derived = database.number(StoreKeys.DERIVED, 0);
    try (LogReader reader = new LogReader(database)) {
      Block last = reader.lastBlock();
      return last == null ? derived + 1 : Math.min(derived + 1, last.last());
    }
  }

  private static void deleteFiles(Database database, ColumnFamilyHandle family, byte[] end)
      throws RocksDBException {
    database.db().deleteFilesInRanges(family, List.of(FIRST_KEY, end), false);
  }

  @Override
  public void close() {
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("Expiry is still at work; the log is closed once it is done");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
