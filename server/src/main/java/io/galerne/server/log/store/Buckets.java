package io.galerne.server.log.store;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.rocksdb.RocksDBException;

/// Maps commit times to the time buckets of event ids. A bucket is as long as the deduplication
/// window. Lookups check the current and the previous bucket, so an id is recognised for at least
/// the window and at most twice as long.
///
/// If the window changes or the clock is set back, the newest bucket lasts for a whole new window.
///
/// @param windowMillis length of a bucket
/// @param number number of a reference bucket
/// @param sinceMillis start of the reference bucket, in milliseconds since 1970
record Buckets(long windowMillis, long number, long sinceMillis) {
  /// The number of a new store's first bucket. It leaves lower numbers for older blocks, which come
  /// first in the view of an existing log.
  private static final long FIRST_NUMBER = 1 << 20;

  /// Loads the store's buckets; creates and stores new ones, from now on, if it has none.
  static Buckets load(Database database, Duration window, long nowMillis) throws RocksDBException {
    byte[] stored = database.get(StoreKeys.BUCKETS);
    if (stored == null) {
      Buckets fresh = new Buckets(millis(window), FIRST_NUMBER, nowMillis);
      fresh.store(database);
      return fresh;
    }
    ByteBuffer in = ByteBuffer.wrap(stored);
    return new Buckets(in.getLong(), in.getLong(), in.getLong());
  }

  /// The buckets with this window and `current` as the current bucket. If that changes them, the
  /// current bucket lasts for a whole window from now on.
  Buckets withCurrent(Database database, int current, Duration window, long nowMillis)
      throws RocksDBException {
    if (millis(window) == windowMillis && at(nowMillis) == current) {
      return this;
    }
    Buckets changed = new Buckets(millis(window), current, nowMillis);
    changed.store(database);
    return changed;
  }

  /// Milliseconds of the window, limited to 1,000 years against overflow.
  private static long millis(Duration window) {
    Duration longest = Duration.ofDays(365_000);
    return (window.compareTo(longest) < 0 ? window : longest).toMillis();
  }

  private void store(Database database) throws RocksDBException {
    ByteBuffer out = ByteBuffer.allocate(3 * Long.BYTES);
    database.put(
        StoreKeys.BUCKETS, out.putLong(windowMillis).putLong(number).putLong(sinceMillis).array());
  }

  /// The bucket of this time; 0 for times before bucket 0.
  int at(long millis) {
    long bucket = number + Math.floorDiv(millis - sinceMillis, windowMillis);
    return Math.clamp(bucket, 0, Integer.MAX_VALUE);
  }
}
