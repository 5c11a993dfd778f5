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

/// Expires the oldest events, by age and by size: periodically, in ranges, on its own thread. It
/// deletes whole files; nothing is read or rewritten. Size is that of the blocks before
/// compression, which their headers contain, so it is exact and the same on every node.
///
/// The newest block stays on disk, even if it has expired: it records the total bytes of the log.
/// No read returns it, because `oldest` lies after it.
///
/// This object's monitor guards `written` and changes of `oldest`; any thread reads `oldest`.
final class Expiry implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Expiry.class);

  /// A commit time further in the future than this comes from a wrong clock, so it says nothing
  /// about the commit's age.
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

  /// The value of `oldest` on disk.
  private long written;

  private volatile long bytes;

  /// @param oldest the oldest retained sequence
  /// @param head supplies the highest sequence
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

  /// Bytes of retained events, as of the last run.
  long bytes() {
    return bytes;
  }

  /// Runs expiry once. Safe to call from any thread.
  void run() {
    try {
      slot.use(store -> {
        expire(store);
        return oldest;
      });
    } catch (LogUnavailableException e) {
      log.debug("Expiry skipped: {}", e.getMessage());
    } catch (RocksDBException | IllegalArgumentException e) {
      log.error(
          "Cannot expire events, retrying in {}: {}", config.expiryInterval(), e.getMessage());
    } catch (RuntimeException | Error e) {
      log.error("Cannot expire events, retrying in {}", config.expiryInterval(), e);
    }
  }

  private void expire(OpenStore store) throws RocksDBException {
    Database database = store.database();
    // taken before reading the blocks, so that events added later are not expired
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

  /// Binary search: the first sequence of the first block whose value is at least `least`; `end` if
  /// there is none. The value ascends from block to block; blocks before one below `least` count as
  /// older, whatever their commit time.
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
    // if no block is left, the next event is the oldest
    return reader.blockFrom(low) == null ? end : low;
  }

  /// The first block at or after `from` with a plausible commit time; null if there is none before
  /// `end`.
  private @Nullable Block firstDated(LogReader reader, long from, long end)
      throws RocksDBException {
    long latest = config.clock().millis() + FUTURE_MILLIS;
    Block block = reader.blockFrom(from);
    while (block != null && block.first() < end && block.commitMillis() > latest) {
      block = reader.nextBlock();
    }
    return block == null || block.first() >= end ? null : block;
  }

  /// Expires everything before a sequence, if it has not expired yet.
  synchronized void expireBefore(OpenStore store, long sequence) throws RocksDBException {
    long from = written;
    if (sequence <= from) {
      return;
    }
    Database database = store.database();
    store.derived().expireRunsBefore(sequence);
    oldest = Math.max(oldest, sequence); // before the deletion, so that no read starts there
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

  /// The first sequence whose block must stay, even if expired. Ids may outlive their events, so a
  /// block stays until its ids are on disk.
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
        log.warn("Expiry is still running; the log closes when it is done");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
