package io.galerne.server.log.rocksdb;

import static org.rocksdb.SizeApproximationFlag.INCLUDE_FILES;

import java.util.Arrays;
import java.util.List;
import org.rocksdb.Range;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/// How much room events take: those in files, and those that have not been written to files yet.
///
/// RocksDB tells well what is in files. What is in memory it only guesses from how its skip list is
/// built, wide of the mark by dozens of blocks, so that is added up here.
///
/// Sees the memory as it was when this was made. What is written to a file meanwhile is missed in
/// [#total] and counts twice in [#before]: both err on the side of keeping more. For one thread.
final class EventSizes {
  private static final byte[] NOTHING = {};

  private final RocksStore store;
  private final long first;
  private final long total;

  // The blocks in memory, in order: their last sequences, and the bytes up to the end of each.
  private long[] lasts = new long[1024];
  private long[] sums = new long[1024];
  private int blocks;

  /// Measures what is retained.
  ///
  /// @param first the first sequence that counts
  /// @param end the first sequence behind those that count
  EventSizes(RocksStore store, long first, long end) throws RocksDBException {
    this.store = store;
    this.first = first;
    long inFiles = inFiles(end);
    measureMemory(end);
    this.total = inFiles + inMemory(end);
  }

  private void measureMemory(long end) throws RocksDBException {
    byte[] key = new byte[Long.BYTES];
    try (RocksIterator entries = store.overEventsInMemory()) {
      for (entries.seek(StoreKeys.number(first)); entries.isValid(); entries.next()) {
        entries.key(key);
        long last = StoreKeys.number(key);
        if (last >= end) {
          break;
        }
        add(last, key.length + entries.value(NOTHING));
      }
      entries.status();
    }
  }

  private void add(long last, long bytes) {
    if (blocks == lasts.length) {
      lasts = Arrays.copyOf(lasts, 2 * blocks);
      sums = Arrays.copyOf(sums, 2 * blocks);
    }
    lasts[blocks] = last;
    sums[blocks] = bytes + (blocks == 0 ? 0 : sums[blocks - 1]);
    blocks++;
  }

  /// The bytes of all events.
  long total() {
    return total;
  }

  /// The bytes of the blocks that end before that sequence.
  long before(long sequence) {
    return inFiles(sequence) + inMemory(sequence);
  }

  private long inMemory(long end) {
    int found = Arrays.binarySearch(lasts, 0, blocks, end);
    int count = found < 0 ? -found - 1 : found;
    return count == 0 ? 0 : sums[count - 1];
  }

  private long inFiles(long end) {
    try (Slice from = new Slice(StoreKeys.number(first));
        Slice to = new Slice(StoreKeys.number(end))) {
      return store.db()
          .getApproximateSizes(store.events(), List.of(new Range(from, to)), INCLUDE_FILES)[0];
    }
  }
}
