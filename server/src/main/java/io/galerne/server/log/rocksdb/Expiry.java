package io.galerne.server.log.rocksdb;

import static org.rocksdb.SizeApproximationFlag.INCLUDE_FILES;
import static org.rocksdb.SizeApproximationFlag.INCLUDE_MEMTABLES;

import io.galerne.server.log.LogUnavailableException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.Range;
import org.rocksdb.RocksDBException;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Forgets the oldest events, by age and by size: now and then, in ranges, on a thread of its own.
/// Whole files go at once; nothing is read or rewritten for it.
///
/// The thread `galerne-expiry` alone moves `oldest`; any thread reads the two volatile fields.
final class Expiry implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Expiry.class);

  /// A commit that is dated by more than this after now was made while the clock was wrong: its date
  /// says nothing about its age.
  static final long FUTURE_MILLIS = TimeUnit.HOURS.toMillis(1);

  private static final long CLOSE_SECONDS = 2;
  private static final byte[] FIRST_KEY = {};
  private static final byte[] BEHIND_EVERY_KEY = {-1, -1, -1, -1, -1, -1, -1, -1, -1};

  private final RocksLogConfig config;
  private final StoreSlot slot;
  private final LongSupplier head;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("galerne-expiry").daemon().factory());

  private volatile long oldest;
  private volatile long bytes;

  /// @param oldest the oldest sequence that is retained
  /// @param head tells the highest sequence
  Expiry(RocksLogConfig config, StoreSlot slot, long oldest, LongSupplier head) {
    this.config = config;
    this.slot = slot;
    this.oldest = oldest;
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

  /// About how much room the log takes, as of the last look.
  long bytes() {
    return bytes;
  }

  private void run() {
    try {
      slot.use(store -> {
        expire(store);
        return oldest;
      });
    } catch (LogUnavailableException e) {
      log.debug("No expiry now: {}", e.getMessage());
    } catch (RocksDBException | RuntimeException | Error e) {
      log.error("Could not expire events; trying again in {}", config.expiryInterval(), e);
    }
  }

  private void expire(RocksStore store) throws RocksDBException {
    long keep = oldest;
    if (config.retentionAge().isPresent()) {
      long since = config.clock().millis() - config.retentionAge().get().toMillis();
      keep = Math.max(keep, firstCommittedSince(store, since));
    }
    long end = head.getAsLong() + 1;
    EventSizes events = new EventSizes(store, oldest, end);
    long index = indexSize(store);
    long ids = idsSize(store);
    bytes = events.total() + index + ids;
    if (config.retentionBytes().isPresent()) {
      long limit = config.retentionBytes().getAsLong();
      long excess = excess(events.total(), index, ids, end, limit);
      if (excess > 0) {
        keep = Math.max(keep, firstBehind(store, events, excess, end));
      }
    }
    if (keep > oldest) {
      forgetBefore(store, keep);
      events = new EventSizes(store, oldest, head.getAsLong() + 1);
      bytes = events.total() + indexSize(store) + idsSize(store);
    }
  }

  /// The first sequence of the first block that was committed at that time or later.
  private long firstCommittedSince(RocksStore store, long millis) throws RocksDBException {
    // before the store is looked at: what is committed from now on has not been looked at
    long end = head.getAsLong() + 1;
    long low = oldest;
    long high = end;
    try (LogReader reader = new LogReader(store)) {
      while (low < high) {
        long middle = low + (high - low) / 2;
        Block block = firstDated(reader, middle, high);
        if (block != null && block.commitMillis() < millis) {
          low = block.last() + 1; // and what lies before it is older still, whatever its date
        } else if (block == null || block.first() > middle) {
          high = middle;
        } else {
          high = Math.max(low, block.first());
        }
      }
      // where nothing is left, what comes next is the oldest
      return reader.blockFrom(low) == null ? end : low;
    }
  }

  /// The first block from `from` on whose date can be true; null if there is none before `end`.
  private @Nullable Block firstDated(LogReader reader, long from, long end)
      throws RocksDBException {
    long latest = config.clock().millis() + FUTURE_MILLIS;
    Block block = reader.blockFrom(from);
    while (block != null && block.first() < end && block.commitMillis() > latest) {
      block = reader.blockFrom(block.last() + 1);
    }
    return block == null || block.first() >= end ? null : block;
  }

  /// How many bytes of events have to go, with their index.
  ///
  /// The ids do not go with them, nor does the index of what has expired from a segment that is not
  /// through. They count, but half of the limit is always for events: where they alone are too much,
  /// each look would otherwise take more events, until none were left.
  private long excess(long events, long index, long ids, long end, long limit) {
    long segmentStart = StoreKeys.firstOfSegment(StoreKeys.segment(oldest));
    double retainedIndex = (double) index * (end - oldest) / Math.max(1, end - segmentStart);
    double retained = events + retainedIndex;
    double room = Math.max(limit - (index - retainedIndex) - ids, limit / 2.0);
    return (long) (events * (1 - room / Math.max(1, retained)));
  }

  /// The first sequence of the first block before which there are that many bytes.
  private long firstBehind(RocksStore store, EventSizes events, long bytes, long end)
      throws RocksDBException {
    long low = oldest;
    long high = end;
    while (low < high) {
      long middle = low + (high - low) / 2;
      if (events.before(middle) < bytes) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    try (LogReader reader = new LogReader(store)) {
      Block block = reader.blockFrom(low);
      return block == null || block.first() >= low ? low : block.last() + 1;
    }
  }

  private void forgetBefore(RocksStore store, long sequence) throws RocksDBException {
    long from = oldest;
    oldest = sequence; // first, so that no read begins where there soon is nothing
    byte[] eventsEnd = StoreKeys.number(sequence);
    byte[] indexEnd = StoreKeys.segmentStart(StoreKeys.segment(sequence));
    try (WriteBatch batch = new WriteBatch()) {
      batch.put(store.meta(), StoreKeys.OLDEST, StoreKeys.number(sequence));
      batch.deleteRange(store.events(), FIRST_KEY, eventsEnd);
      batch.deleteRange(store.index(), FIRST_KEY, indexEnd);
      store.write(batch);
    }
    store.db().deleteFilesInRanges(store.events(), List.of(FIRST_KEY, eventsEnd), false);
    store.db().deleteFilesInRanges(store.index(), List.of(FIRST_KEY, indexEnd), false);
    log.info("Expired the events from sequence {} to {}", from, sequence - 1);
  }

  private long indexSize(RocksStore store) {
    return size(store, store.index(), StoreKeys.segmentStart(StoreKeys.segment(oldest)));
  }

  private static long idsSize(RocksStore store) {
    return size(store, store.ids(), FIRST_KEY);
  }

  private static long size(RocksStore store, ColumnFamilyHandle family, byte[] from) {
    try (Slice start = new Slice(from);
        Slice end = new Slice(BEHIND_EVERY_KEY)) {
      return store.db()
          .getApproximateSizes(
              family, List.of(new Range(start, end)), INCLUDE_FILES, INCLUDE_MEMTABLES)[0];
    }
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
