package io.galerne.server.log.rocksdb;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.galerne.server.log.Commit;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor;
import io.galerne.server.log.ExpiredException;
import io.galerne.server.log.Health;
import io.galerne.server.log.LogOpenException;
import io.galerne.server.log.LogRange;
import io.galerne.server.log.LogStats;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.PendingAppend;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The event log on an embedded RocksDB, for one process: a [Committer] writes, [Expiry] forgets,
/// and a [LogReader] reads on whichever thread asks.
public final class RocksEventLog implements EventLog {
  private static final Logger log = LoggerFactory.getLogger(RocksEventLog.class);

  /// How many sequences a log leaves out after it was put back from a backup: more than can have
  /// been given out since, and few enough that JavaScript's numbers last for ages.
  private static final long RESTORE_GAP = 1L << 30;

  /// How often it is logged that the log cannot be read: each reader that comes by meets it again.
  private static final long READ_ERROR_INTERVAL = TimeUnit.MINUTES.toNanos(1);

  private final DataFolder folder;
  private final StoreSlot slot;
  private final String id;
  private final Committer committer;
  private final Expiry expiry;
  private final AtomicLong lastReadError = new AtomicLong(System.nanoTime() - READ_ERROR_INTERVAL);
  private final AtomicBoolean closed = new AtomicBoolean();

  private RocksEventLog(RocksLogConfig config, DataFolder folder, StoreSlot slot)
      throws RocksDBException {
    this.folder = folder;
    this.slot = slot;
    this.id = slot.use(store -> identify(store, config.afterRestore()));
    long head = slot.use(RocksEventLog::findHead);
    long oldest = slot.use(store -> number(store, StoreKeys.OLDEST, 1));
    this.committer = new Committer(config, folder, slot, head);
    this.expiry = new Expiry(config, slot, oldest, committer::head);
  }

  /// Opens the log in a folder, and makes it where there is none.
  ///
  /// @throws LogOpenException where that cannot be done; the message says why and what to do
  public static RocksEventLog open(RocksLogConfig config) {
    DataFolder folder = DataFolder.open(config.folder());
    StoreSlot slot = null;
    try {
      slot = new StoreSlot(folder.database());
      RocksEventLog opened = new RocksEventLog(config, folder, slot);
      opened.committer.start();
      opened.expiry.start();
      return opened;
    } catch (RocksDBException | RuntimeException e) {
      if (slot != null) {
        slot.close();
      }
      folder.close();
      throw new LogOpenException(
          "Cannot open the log in "
              + config.folder()
              + ": "
              + e.getMessage()
              + "; where a file is damaged, put the folder back from a backup",
          e);
    }
  }

  private static String identify(RocksStore store, boolean afterRestore) throws RocksDBException {
    byte[] known = store.db().get(store.meta(), StoreKeys.LOG_ID);
    if (known != null && !afterRestore) {
      return new String(known, US_ASCII);
    }
    String fresh = UUID.randomUUID().toString();
    try (WriteBatch batch = new WriteBatch()) {
      batch.put(store.meta(), StoreKeys.LOG_ID, fresh.getBytes(US_ASCII));
      if (known != null) {
        long floor = findHead(store) + RESTORE_GAP;
        batch.put(store.meta(), StoreKeys.FLOOR, StoreKeys.number(floor));
        log.info("After a restore: the log is now {} and goes on at {}", fresh, floor + 1);
      }
      store.write(batch);
    }
    return fresh;
  }

  private static long findHead(RocksStore store) throws RocksDBException {
    long floor = number(store, StoreKeys.FLOOR, 0);
    long beforeOldest = number(store, StoreKeys.OLDEST, 1) - 1;
    try (RocksIterator events = store.overEvents()) {
      events.seekToLast();
      events.status();
      long last = events.isValid() ? StoreKeys.number(events.key()) : 0;
      return Math.max(last, Math.max(floor, beforeOldest));
    }
  }

  private static long number(RocksStore store, byte[] key, long fallback) throws RocksDBException {
    byte[] value = store.db().get(store.meta(), key);
    return value == null ? fallback : StoreKeys.number(value);
  }

  @Override
  public CompletableFuture<long[]> append(List<EventRecord> events) {
    if (events.isEmpty()) {
      return CompletableFuture.completedFuture(new long[0]);
    }
    PendingAppend append = new PendingAppend(events);
    if (!committer.offer(append)) {
      append.refuse(whyNotNow());
    }
    return append.sequences();
  }

  private String whyNotNow() {
    if (closed.get()) {
      return "The server is stopping";
    }
    Health health = committer.health();
    return health.ready() ? "More events arrive than the disk takes; slow down" : health.detail();
  }

  @Override
  public long read(EventFilter filter, long from, EventVisitor visitor) {
    try {
      return slot.use(store -> {
        // What the reader sees is at least what is there up to this head; and what is there now
        // from `oldest` on, it sees whole, however much expires while it reads.
        long head = committer.head();
        try (LogReader reader = new LogReader(store)) {
          Postings candidates = reader.candidates(store, filter);
          long oldest = expiry.oldest();
          if (from < oldest) {
            throw new ExpiredException(from, oldest);
          }
          return from > head || filter.isEmpty()
              ? Math.max(from, head + 1)
              : reader.read(candidates, filter, from, head, visitor);
        }
      });
    } catch (RocksDBException | StoreFailure | IllegalArgumentException e) {
      logReadError(from, e);
      throw new LogUnavailableException("The log cannot be read at sequence " + from, e);
    }
  }

  private void logReadError(long from, Exception cause) {
    long now = System.nanoTime();
    long last = lastReadError.get();
    if (now - last >= READ_ERROR_INTERVAL && lastReadError.compareAndSet(last, now)) {
      log.error("Cannot read the log in {} at {}: {}", folder, from, cause.getMessage());
    }
  }

  @Override
  public LogRange range() {
    long oldest = expiry.oldest();
    return new LogRange(oldest, Math.max(committer.head(), oldest - 1));
  }

  @Override
  public LogStats stats() {
    return new LogStats(expiry.bytes(), committer.pendingEvents());
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Health health() {
    return committer.health();
  }

  @Override
  public long follow(Consumer<Commit> follower) {
    return committer.follow(follower);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      committer.close();
      expiry.close();
      slot.close();
      folder.close();
    }
  }
}
