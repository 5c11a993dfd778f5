package io.galerne.server.log.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.galerne.server.files.FileFailure;
import io.galerne.server.log.Block;
import io.galerne.server.log.Commit;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor;
import io.galerne.server.log.ExpiredException;
import io.galerne.server.log.IdHash;
import io.galerne.server.log.LogOpenException;
import io.galerne.server.log.LogRange;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.PendingAppend;
import io.galerne.server.log.runs.Run;
import io.galerne.server.log.runs.RunIndex;
import io.galerne.server.log.runs.RunPage;
import io.galerne.server.log.runs.RunPosition;
import io.galerne.server.log.runs.RunQuery;
import io.galerne.server.log.runs.RunReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The store of event blocks on disk, with filtered reads, deduplication by id, and expiry. Both
/// engines use it. For the embedded log it is the log, and each commit is synced. For a cluster
/// node it is a view of the log, which can be deleted and rebuilt.
///
/// Threads: one adds, with [#commit] or [#apply], and calls [#requireWritable] first. Another may
/// call [#draft], which sees everything that was added. All other methods are for any thread.
public final class EventStore implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventStore.class);

  /// The number of sequences that a log skips after a restore from a backup: more than can have
  /// been assigned since, and small enough not to exhaust JavaScript's integers.
  public static final long RESTORE_GAP = 1L << 30;

  /// Minimum free space for adding events: the store needs room to compact and to reopen.
  private static final long LEAST_FREE_BYTES = 128L << 20;

  /// Interval for checking the free space and for reopening a failed store.
  private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// Minimum interval between logged read errors: every reader hits the same fault.
  private static final long READ_ERROR_INTERVAL = TimeUnit.MINUTES.toNanos(1);

  /// Largest buffer that is kept. The block of a single very large event gets a temporary one.
  private static final int MOST_KEPT_BYTES = 256 * 1024;

  private final StoreConfig config;
  private final DataFolder folder;
  private final StoreSlot slot;
  private final String logId;
  private final IdHash.Key idKey;
  private final Expiry expiry;
  private final RunIndex runs = new StoredRuns();
  private final AtomicLong lastReadError = new AtomicLong(System.nanoTime() - READ_ERROR_INTERVAL);

  private volatile long head;
  private volatile long position;
  private volatile long logBytes;
  private volatile long newestMillis;

  // Of the thread that adds.
  private final ByteBuffer keyBuffer = ByteBuffer.allocateDirect(Long.BYTES);
  private ByteBuffer blockBuffer = ByteBuffer.allocateDirect(2 * Block.TARGET_BYTES);
  private @Nullable String failure;
  private boolean mustReopen;
  private long checkedNanos = System.nanoTime() - CHECK_NANOS;

  private EventStore(StoreConfig config, Optional<String> wanted, DataFolder folder, StoreSlot slot)
      throws RocksDBException {
    this.config = config;
    this.folder = folder;
    this.slot = slot;
    this.logId = slot.use(store -> identify(store.database(), config, wanted));
    this.idKey = slot.use(store -> store.derived().idKey());
    long oldest = slot.use(store -> store.database().number(StoreKeys.OLDEST, 1));
    loadEnd();
    this.expiry = new Expiry(config, slot, oldest, this::head);
  }

  /// Opens the store in a folder; creates it if missing.
  ///
  /// @param label the content of the folder in one line, such as `embedded log`; a folder with
  ///     another label is refused
  /// @param logId the id of the log that the store is a view of; a view of another log is refused.
  ///     Empty if the store is the log itself: it generates its own id
  /// @throws LogOpenException if the store cannot be opened; the message says why and what to do
  public static EventStore open(StoreConfig config, String label, Optional<String> logId) {
    DataFolder folder = DataFolder.open(config.folder(), label);
    StoreSlot slot = null;
    try {
      slot = new StoreSlot(folder.database(), config);
      EventStore opened = new EventStore(config, logId, folder, slot);
      opened.expiry.start();
      return opened;
    } catch (RocksDBException | RuntimeException e) {
      if (slot != null) {
        slot.close();
      }
      folder.close();
      if (e instanceof LogOpenException refused) {
        throw refused;
      }
      throw new LogOpenException(
          "Cannot open the log in "
              + config.folder()
              + ": "
              + e.getMessage()
              + "; if a file is damaged, restore the folder from a backup",
          e);
    }
  }

  /// Deletes the database of a log that was replaced by another. Does nothing if the folder is
  /// missing or contains another log.
  ///
  /// @param logId the id of the replaced log
  /// @throws LogOpenException if the folder cannot be opened or emptied
  public static void discard(Path path, String label, String logId) {
    if (!DataFolder.isMarked(path)) {
      return;
    }
    try (DataFolder folder = DataFolder.open(path, label)) {
      byte[] stored;
      try (Database database = new Database(folder.database())) {
        stored = database.get(StoreKeys.LOG_ID);
      }
      if (stored != null && logId.equals(new String(stored, US_ASCII))) {
        folder.deleteDatabase();
        log.info("Emptied {}: the log {} was replaced", folder, logId);
      }
    } catch (RocksDBException | IOException e) {
      throw new LogOpenException("Cannot empty the data folder " + path + ": " + reason(e), e);
    }
  }

  private static String reason(Exception e) {
    return e instanceof IOException io ? FileFailure.words(io) : String.valueOf(e.getMessage());
  }

  private static String identify(Database database, StoreConfig config, Optional<String> logId)
      throws RocksDBException {
    byte[] stored = database.get(StoreKeys.LOG_ID);
    String known = stored == null ? null : new String(stored, US_ASCII);
    if (logId.isPresent()) {
      String wanted = logId.get();
      if (known != null && !known.equals(wanted)) {
        throw new LogOpenException(
            "The data folder "
                + config.folder()
                + " holds a view of another log, "
                + known
                + " instead of "
                + wanted
                + "; choose another with the setting `folder`, or delete this one: it is rebuilt"
                + " from the log");
      }
      database.put(StoreKeys.LOG_ID, wanted.getBytes(US_ASCII));
      return wanted;
    }
    if (known != null && !config.afterRestore()) {
      return known;
    }
    String fresh = UUID.randomUUID().toString();
    try (WriteBatch batch = new WriteBatch()) {
      batch.put(database.meta(), StoreKeys.LOG_ID, fresh.getBytes(US_ASCII));
      if (known != null) {
        long floor = findHead(database) + RESTORE_GAP;
        batch.put(database.meta(), StoreKeys.FLOOR, StoreKeys.number(floor));
        log.info("After a restore: the log is now {} and continues at {}", fresh, floor + 1);
      }
      database.write(batch, true);
    }
    return fresh;
  }

  private static long findHead(Database database) throws RocksDBException {
    long floor = database.number(StoreKeys.FLOOR, 0);
    long beforeOldest = database.number(StoreKeys.OLDEST, 1) - 1;
    try (LogReader reader = new LogReader(database)) {
      Block last = reader.lastBlock();
      return Math.max(last == null ? 0 : last.last(), Math.max(floor, beforeOldest));
    }
  }

  private void loadEnd() throws RocksDBException {
    slot.use(store -> {
      try (LogReader reader = new LogReader(store.database())) {
        Block last = reader.lastBlock();
        logBytes = last == null ? 0 : last.logBytes() + last.length();
      }
      newestMillis = store.newestMillis();
      position = store.database().number(StoreKeys.POSITION, 0);
      head = findHead(store.database());
      return head;
    });
  }

  /// The key for hashing the ids of appends.
  public IdHash.Key idKey() {
    return idKey;
  }

  /// The id of the log.
  public String logId() {
    return logId;
  }

  /// The highest sequence that is taken: added, expired, or skipped by a restore.
  public long head() {
    return head;
  }

  /// The last applied position of the journal; 0 if there is none.
  public long position() {
    return position;
  }

  /// Assigns every event of a group a sequence above the head, or that of the event it repeats, and
  /// builds blocks of the new events.
  ///
  /// @throws LogUnavailableException if the store cannot be read
  public Draft draft(List<PendingAppend> group) {
    return draft(group, 0);
  }

  /// Like [#draft(List)], with another lower bound besides the head.
  ///
  /// @param above new events get sequences above it, even if the head is below
  public Draft draft(List<PendingAppend> group, long above) {
    List<IdHash> ids = new ArrayList<>();
    group.forEach(append -> ids.addAll(List.of(append.ids())));
    long now = commitMillis(newestMillis, config.clock());
    long first = Math.max(head, above) + 1;
    long before = logBytes;
    try {
      long[] known = slot.use(store -> store.derived().find(ids, now));
      return Draft.of(group, known, first, now, before);
    } catch (RocksDBException e) {
      throw new LogUnavailableException("The log cannot be read: " + e.getMessage(), e);
    }
  }

  /// The time of the next commit: the clock's, but not before the last commit. If the last commit
  /// is far in the future, the clock was wrong then, and only the current clock counts.
  static long commitMillis(long newestMillis, Clock clock) {
    long now = clock.millis();
    return newestMillis - now > Expiry.FUTURE_MILLIS ? now : Math.max(newestMillis, now);
  }

  /// Writes and syncs a draft, then makes it visible.
  ///
  /// @throws LogUnavailableException if the write fails; the draft may or may not have been written
  public void commit(Draft draft) {
    add(draft.blocks(), draft.events(), draft.ids(), OptionalLong.empty());
  }

  /// Writes blocks of the journal and their position atomically, without a sync, then makes them
  /// visible. Their first sequence must be above the head.
  ///
  /// @param events the events of all blocks, in order
  /// @return the added events, for followers
  /// @throws LogUnavailableException if the write fails; the blocks may or may not have been
  ///     written
  public Commit apply(List<Block> blocks, List<EventRecord> events, long journalPosition) {
    EventRecord[] records = events.toArray(EventRecord[]::new);
    add(blocks, records, null, OptionalLong.of(journalPosition));
    return new Commit(blocks.getFirst().first(), records, System.nanoTime());
  }

  /// Like [#apply(List, List, long)], for blocks that this node has drafted itself.
  ///
  /// @return the added events, for followers
  public Commit apply(Draft draft, long journalPosition) {
    add(draft.blocks(), draft.events(), draft.ids(), OptionalLong.of(journalPosition));
    return draft.commit();
  }

  private void add(
      List<Block> blocks,
      EventRecord[] events,
      IdHash @Nullable [] ids,
      OptionalLong journalPosition) {
    try {
      slot.use(store -> {
        write(store.database(), blocks, journalPosition);
        store.derived().add(blocks, events, ids);
        return events.length;
      });
    } catch (RocksDBException | RuntimeException e) {
      // The blocks may be on disk: then their sequences are taken.
      mustReopen = true;
      String reason = e instanceof LogUnavailableException known ? known.reason() : e.getMessage();
      throw new LogUnavailableException(fail("The log cannot be written: " + reason), e);
    }
    Block last = blocks.getLast();
    logBytes = last.logBytes() + last.length();
    newestMillis = last.commitMillis();
    position = journalPosition.orElse(position);
    head = last.last();
  }

  private void write(Database database, List<Block> blocks, OptionalLong journalPosition)
      throws RocksDBException {
    try (WriteBatch batch = new WriteBatch()) {
      for (Block block : blocks) {
        ByteBuffer value = bufferOf(block.length());
        value.put(block.bytes(), block.start(), block.length());
        keyBuffer.clear().putLong(block.last());
        batch.put(database.events(), keyBuffer.flip(), value.flip());
      }
      if (journalPosition.isPresent()) {
        byte[] value = StoreKeys.number(journalPosition.getAsLong());
        batch.put(database.meta(), StoreKeys.POSITION, value);
      }
      database.write(batch, journalPosition.isEmpty());
    }
  }

  /// Off-heap memory, which the database reads without another copy.
  private ByteBuffer bufferOf(int size) {
    if (size > MOST_KEPT_BYTES) {
      return ByteBuffer.allocateDirect(size);
    }
    if (size > blockBuffer.capacity()) {
      blockBuffer = ByteBuffer.allocateDirect(MOST_KEPT_BYTES);
    }
    return blockBuffer.clear();
  }

  /// Checks that events can be added. Checks the disk about once a second. After a failed write the
  /// content of the files is unknown, so it reopens them first.
  ///
  /// @param survived gets the blocks that a failed write did store; they are visible then
  /// @throws LogUnavailableException if no events can be added now
  public void requireWritable(Consumer<Commit> survived) {
    long now = System.nanoTime();
    boolean due = now - checkedNanos >= CHECK_NANOS;
    String reason = failure;
    if (!due && reason != null) {
      throw new LogUnavailableException(reason);
    }
    if (!due) {
      return;
    }
    checkedNanos = now;
    requireFreeSpace();
    if (mustReopen) {
      reopen(survived);
    }
    if (failure != null) {
      log.info("The log can be written again");
      failure = null;
    }
  }

  private String fail(String reason) {
    if (!reason.equals(failure)) {
      log.error("{}", reason);
      failure = reason;
    }
    return reason;
  }

  private void requireFreeSpace() {
    long free;
    try {
      free = folder.free();
    } catch (IOException e) {
      throw new LogUnavailableException(
          fail("Cannot read the free space of the disk of " + folder), e);
    }
    if (free < LEAST_FREE_BYTES) {
      throw new LogUnavailableException(
          fail(
              "The disk of "
                  + folder
                  + " is full: less than "
                  + (LEAST_FREE_BYTES >> 20)
                  + " MiB are free; make room, or keep less with the setting retention size"));
    }
  }

  private void reopen(Consumer<Commit> survived) {
    long before = head;
    try {
      slot.reopen();
      List<Commit> found =
          slot.use(store -> {
            List<Commit> commits = new ArrayList<>();
            try (LogReader reader = new LogReader(store.database())) {
              Block block = reader.blockFrom(before + 1);
              while (block != null) {
                commits.add(new Commit(block.first(), block.events(), System.nanoTime()));
                block = reader.nextBlock();
              }
            }
            return commits;
          });
      loadEnd();
      mustReopen = false;
      found.forEach(survived);
    } catch (RocksDBException e) {
      throw new LogUnavailableException(
          fail("The log's files could not be reopened: " + e.getMessage()), e);
    }
  }

  /// Reads matching events; see [io.galerne.server.log.EventLog#read].
  public long read(EventFilter filter, long from, EventVisitor visitor) {
    try {
      return slot.use(store -> {
        // The reader sees at least everything up to this head, and everything from the current
        // `oldest` on, even if it expires during the read.
        long end = head;
        List<RecentData> recent = store.derived().recent();
        try (LogReader reader = new LogReader(store.database())) {
          Postings candidates = reader.candidates(filter, recent);
          long oldest = expiry.oldest();
          if (from < oldest) {
            throw new ExpiredException(from, oldest);
          }
          return from > end || filter.isEmpty()
              ? Math.max(from, end + 1)
              : reader.read(candidates, filter, from, end, visitor);
        }
      });
    } catch (RocksDBException | StoreFailure | IllegalArgumentException e) {
      logReadError(from, e);
      throw new LogUnavailableException("The log cannot be read at sequence " + from, e);
    }
  }

  /// The index of runs, derived from the events.
  public RunIndex runs() {
    return runs;
  }

  private final class StoredRuns implements RunIndex {
    @Override
    public RunPage list(RunQuery query, Optional<RunPosition> after, int most) {
      return read(runs -> runs.list(query, after, most));
    }

    @Override
    public Optional<Run> run(String namespace, String runId) {
      return read(runs -> runs.run(namespace, runId));
    }

    @Override
    public Optional<Run> newestRun(String namespace, String executionId) {
      return read(runs -> runs.newestRun(namespace, executionId));
    }

    private <T> T read(RunRead<T> question) {
      try {
        return slot.use(store -> question.in(store.derived().runs()));
      } catch (RocksDBException | IllegalArgumentException e) {
        logReadError(head, e);
        throw new LogUnavailableException("The runs cannot be read", e);
      }
    }
  }

  /// A read of the runs.
  @FunctionalInterface
  private interface RunRead<T> {
    T in(RunReader runs) throws RocksDBException;
  }

  private void logReadError(long from, Exception cause) {
    long now = System.nanoTime();
    long last = lastReadError.get();
    if (now - last >= READ_ERROR_INTERVAL && lastReadError.compareAndSet(last, now)) {
      log.error("Cannot read the log in {} at {}: {}", folder, from, cause.getMessage());
    }
  }

  /// The current range of retained sequences. Does not block.
  public LogRange range() {
    long oldest = expiry.oldest();
    return new LogRange(oldest, Math.max(head, oldest - 1));
  }

  /// Bytes of retained events before compression, as of the last expiry check.
  public long bytes() {
    return expiry.bytes();
  }

  /// Runs expiry now instead of at the next interval.
  public void expire() {
    expiry.run();
  }

  /// Expires everything before a sequence, because another node has.
  ///
  /// @throws LogUnavailableException if the store cannot be written
  public void expireBefore(long sequence) {
    try {
      slot.use(store -> {
        expiry.expireBefore(store, sequence);
        return sequence;
      });
    } catch (RocksDBException e) {
      throw new LogUnavailableException("Could not expire events: " + e.getMessage(), e);
    }
  }

  /// Makes everything that was added durable and frees all resources. Do not add anything
  /// afterwards.
  @Override
  public void close() {
    expiry.close();
    slot.close();
    folder.close();
  }
}
