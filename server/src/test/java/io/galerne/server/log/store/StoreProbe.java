package io.galerne.server.log.store;

import io.galerne.server.log.Block;
import io.galerne.server.log.runs.RunTable;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/// Inspects and modifies the store of a closed log, for states that a test could not otherwise
/// reach in time.
public final class StoreProbe {
  private StoreProbe() {}

  /// Makes the log continue after this sequence, as a restore does.
  static void continueAfter(Path folder, long sequence) throws RocksDBException {
    try (Database store = open(folder)) {
      store.put(StoreKeys.FLOOR, StoreKeys.number(sequence));
    }
  }

  /// The segments with index entries.
  static SortedSet<Integer> indexedSegments(Path folder) throws RocksDBException {
    SortedSet<Integer> segments = new TreeSet<>();
    try (Database store = open(folder);
        RocksIterator entries = store.db().newIterator(store.index())) {
      for (entries.seekToFirst(); entries.isValid(); entries.next()) {
        segments.add(StoreKeys.segment(StoreKeys.lastSequence(entries.key())));
      }
      entries.status();
    }
    return segments;
  }

  /// The buckets with stored ids.
  static SortedSet<Integer> idBuckets(Path folder) throws RocksDBException {
    SortedSet<Integer> buckets = new TreeSet<>();
    try (Database store = open(folder);
        RocksIterator ids = store.db().newIterator(store.ids())) {
      for (ids.seekToFirst(); ids.isValid(); ids.next()) {
        buckets.add(StoreKeys.bucket(ids.key()));
      }
      ids.status();
    }
    return buckets;
  }

  /// The total bytes of the log's blocks, according to the newest block.
  static long logBytes(Path folder) throws RocksDBException {
    try (Database store = open(folder);
        LogReader reader = new LogReader(store)) {
      Block last = reader.lastBlock();
      return last == null ? 0 : last.logBytes() + last.length();
    }
  }

  /// Deletes the runs, which are derived from the events.
  public static void deleteRuns(Path folder) {
    try (Database store = open(folder)) {
      store.db().delete(store.meta(), StoreKeys.RUNS);
      new RunTable(store.db(), store.runs(), 1).clear();
    } catch (RocksDBException e) {
      throw new AssertionError(e);
    }
  }

  private static Database open(Path folder) throws RocksDBException {
    return new Database(folder.resolve("rocksdb"));
  }
}
