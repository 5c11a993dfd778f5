package io.galerne.server.log.rocksdb;

import io.galerne.server.log.IdHash;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/// Which events were stored lately, by id. Ids are kept in buckets of commit time, each as long as
/// the window; the current and the one before are looked at, older ones are dropped whole. Where the
/// window was changed, or the clock set back, the newest bucket goes on for a whole new window. Used
/// by the committing thread only.
final class RepeatedIds {
  static final long UNKNOWN = 0;

  private final RocksStore store;
  private final Numbering numbering;
  private int current;
  private boolean previousHasIds;

  RepeatedIds(RocksStore store, Duration window, long nowMillis) throws RocksDBException {
    this.store = store;
    byte[] stored = store.db().get(store.meta(), StoreKeys.BUCKETS);
    try (RocksIterator ids = store.db().newIterator(store.ids())) {
      ids.seekToLast();
      int newest = ids.isValid() ? StoreKeys.bucket(ids.key()) : 0;
      Numbering known =
          stored == null
              ? new Numbering(window.toMillis(), newest, nowMillis) // by whatever window it was
              : Numbering.read(stored);
      current = Math.max(newest, known.bucket(nowMillis));
      numbering =
          known.windowMillis() == window.toMillis() && current == known.bucket(nowMillis)
              ? known
              : new Numbering(window.toMillis(), current, nowMillis);
      if (stored == null || !numbering.equals(known)) {
        numbering.write(store);
      }
      ids.seek(StoreKeys.bucketStart(current - 1));
      previousHasIds = ids.isValid() && StoreKeys.bucket(ids.key()) == current - 1;
      ids.status();
    }
  }

  /// Which bucket is whose: its number, and when it began.
  private record Numbering(long windowMillis, long bucket, long sinceMillis) {
    static Numbering read(byte[] stored) {
      ByteBuffer in = ByteBuffer.wrap(stored);
      return new Numbering(in.getLong(), in.getLong(), in.getLong());
    }

    void write(RocksStore store) throws RocksDBException {
      ByteBuffer out = ByteBuffer.allocate(3 * Long.BYTES);
      out.putLong(windowMillis).putLong(bucket).putLong(sinceMillis);
      try (WriteBatch batch = new WriteBatch()) {
        batch.put(store.meta(), StoreKeys.BUCKETS, out.array());
        store.write(batch);
      }
    }

    int bucket(long millis) {
      return Math.toIntExact(bucket + Math.floorDiv(millis - sinceMillis, windowMillis));
    }
  }

  /// The sequence of the event with each id; [#UNKNOWN] where none was stored lately.
  long[] find(List<IdHash> ids) throws RocksDBException {
    long[] found = new long[ids.size()];
    look(current, ids, found);
    if (previousHasIds) {
      look(current - 1, ids, found);
    }
    return found;
  }

  private void look(int bucket, List<IdHash> ids, long[] found) throws RocksDBException {
    List<byte[]> keys = new ArrayList<>(ids.size());
    for (IdHash id : ids) {
      keys.add(StoreKeys.id(bucket, id));
    }
    List<ColumnFamilyHandle> families = Collections.nCopies(keys.size(), store.ids());
    List<byte[]> values = store.db().multiGetAsList(families, keys);
    for (int i = 0; i < found.length; i++) {
      byte[] value = values.get(i);
      if (value != null) {
        found[i] = StoreKeys.number(value);
      }
    }
  }

  /// Adds an id to a commit.
  void add(WriteBatch batch, IdHash id, long sequence) throws RocksDBException {
    batch.put(store.ids(), StoreKeys.id(current, id), StoreKeys.number(sequence));
  }

  /// Goes to the bucket of this time, and drops those that are too old; to be called before a
  /// commit.
  void advance(WriteBatch batch, long nowMillis) throws RocksDBException {
    int now = numbering.bucket(nowMillis);
    if (now > current) {
      previousHasIds = now == current + 1;
      current = now;
      batch.deleteRange(
          store.ids(), StoreKeys.bucketStart(0), StoreKeys.bucketStart(Math.max(0, current - 1)));
    }
  }
}
