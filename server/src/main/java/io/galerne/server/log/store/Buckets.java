package io.galerne.server.log.store;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.rocksdb.RocksDBException;

/// In which bucket of time an id is filed. A bucket is as long as the window in which repeats are
/// recognised; the current one and the one before are looked at, so an id is recognised for at least
/// the window and at most twice as long.
///
/// If the window was changed, or the clock set back, the newest bucket lasts for a whole new window.
///
/// @param windowMillis how long a bucket is
/// @param number of one bucket
/// @param sinceMillis when that bucket began
record Buckets(long windowMillis, long number, long sinceMillis) {
  /// The number of a new store's first bucket: there are numbers below it for older blocks, which a
  /// view of another log begins with.
  private static final long FIRST_NUMBER = 1 << 20;

  /// Those that the store has; new ones, from now on, if it has none.
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

  /// Buckets of that window, of which a bucket is the current one now. If they have to change for
  /// that, it lasts for a whole window from now on.
  Buckets withCurrent(Database database, int current, Duration window, long nowMillis)
      throws RocksDBException {
    if (millis(window) == windowMillis && at(nowMillis) == current) {
      return this;
    }
    Buckets changed = new Buckets(millis(window), current, nowMillis);
    changed.store(database);
    return changed;
  }

  /// A window of centuries is as good as forever.
  private static long millis(Duration window) {
    Duration longest = Duration.ofDays(365_000);
    return (window.compareTo(longest) < 0 ? window : longest).toMillis();
  }

  private void store(Database database) throws RocksDBException {
    ByteBuffer out = ByteBuffer.allocate(3 * Long.BYTES);
    database.put(
        StoreKeys.BUCKETS, out.putLong(windowMillis).putLong(number).putLong(sinceMillis).array());
  }

  /// The bucket of that time; 0 for everything before the first.
  int at(long millis) {
    long bucket = number + Math.floorDiv(millis - sinceMillis, windowMillis);
    return Math.clamp(bucket, 0, Integer.MAX_VALUE);
  }
}
