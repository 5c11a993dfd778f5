package io.galerne.server.log.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.server.log.IdHash;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// The opened database: its column families, and how each is tuned. Owns every native object and
/// frees them in [#close]. Safe for use by several threads, but not while it is closed.
final class Database implements AutoCloseable {
  /// Blocks read from disk, and the indexes and filters of tables, in memory.
  private static final long CACHE_BYTES = 64L << 20;

  /// Into how many parts the cache is divided, as a power of two. A part must hold the largest filter of
  /// a table, a few megabytes, or each look at the table reads it again.
  private static final int CACHE_SHARD_BITS = 2;

  /// How many bytes of blocks are collected in memory before they are written as a sorted table.
  private static final long EVENTS_BUFFER_BYTES = 64L << 20;

  /// The other families get their tables made elsewhere; see [DataWriter].
  private static final long SMALL_BUFFER_BYTES = 1L << 20;

  /// A restart reads at most this much again.
  private static final long WRITE_AHEAD_BYTES = 256L << 20;

  /// How large a table's blocks are, before compression.
  private static final int TABLE_BLOCK_BYTES = 16 * 1024;

  /// Open files, so that a log of terabytes does not use up the files that the process may open.
  private static final int MOST_OPEN_FILES = 1000;

  private static final double FILTER_BITS_PER_KEY = 10;

  private final List<RocksObject> owned = new ArrayList<>();
  private final Path newTable;
  private final RocksDB db;
  private final ColumnFamilyHandle meta;
  private final ColumnFamilyHandle events;
  private final ColumnFamilyHandle index;
  private final ColumnFamilyHandle ids;
  private final ColumnFamilyHandle runs;
  private final WriteOptions synced;
  private final WriteOptions unsynced;
  private final ReadOptions samePrefix;
  private final Options indexTable;
  private final Options idsTable;
  private final Options runsTable;
  private final IngestExternalFileOptions ingestion;
  private final IdHash.Key idKey;

  /// The oldest and the newest bucket of which there are ids; none if the oldest is newer.
  private volatile int oldestBucket = Integer.MAX_VALUE;

  private volatile int newestBucket = -1;

  /// Opens the database in the folder, and creates it if it is missing.
  Database(Path folder) throws RocksDBException {
    RecordFraming.check(folder);
    RocksDB.loadLibrary();
    Cache cache = own(new LRUCache(CACHE_BYTES, CACHE_SHARD_BITS));
    BloomFilter filter = own(new BloomFilter(FILTER_BITS_PER_KEY));
    this.newTable = folder.resolveSibling("new-table");
    List<ColumnFamilyDescriptor> families =
        List.of(
            family("default", own(new ColumnFamilyOptions())),
            family("events", eventsOptions(cache)),
            family("index", indexOptions(cache, filter)),
            family("ids", idsOptions(cache, filter)),
            family("runs", runsOptions(cache, filter)));
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try {
      this.db = RocksDB.open(options(), folder.toString(), families, handles);
    } catch (RocksDBException e) {
      release();
      throw e;
    }
    this.meta = handles.get(0);
    this.events = handles.get(1);
    this.index = handles.get(2);
    this.ids = handles.get(3);
    this.runs = handles.get(4);
    this.synced = own(new WriteOptions().setSync(true));
    this.unsynced = own(new WriteOptions());
    this.samePrefix = own(new ReadOptions().setPrefixSameAsStart(true));
    this.indexTable =
        own(new Options())
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .useFixedLengthPrefixExtractor(StoreKeys.INDEX_PREFIX);
    indexTable.setTableFormatConfig(
        table(cache).setFilterPolicy(filter).setWholeKeyFiltering(false));
    this.idsTable = own(new Options()).setCompressionType(CompressionType.NO_COMPRESSION);
    idsTable.setTableFormatConfig(table(cache).setFilterPolicy(filter));
    this.runsTable = own(new Options()).setCompressionType(CompressionType.LZ4_COMPRESSION);
    runsTable.setTableFormatConfig(table(cache).setFilterPolicy(filter));
    this.ingestion = own(new IngestExternalFileOptions()).setMoveFiles(true);
    boolean opened = false;
    try {
      this.idKey = loadIdKey();
      findBuckets();
      opened = true;
    } finally {
      if (!opened) {
        close();
      }
    }
  }

  private IdHash.Key loadIdKey() throws RocksDBException {
    byte[] stored = get(StoreKeys.ID_KEY);
    if (stored == null) {
      IdHash.Key fresh = IdHash.Key.random();
      ByteBuffer out = ByteBuffer.allocate(IdHash.Key.BYTES);
      put(StoreKeys.ID_KEY, out.putLong(fresh.first()).putLong(fresh.second()).array());
      return fresh;
    }
    ByteBuffer in = ByteBuffer.wrap(stored);
    return new IdHash.Key(in.getLong(), in.getLong());
  }

  private void findBuckets() throws RocksDBException {
    try (RocksIterator entries = db.newIterator(ids)) {
      entries.seekToFirst();
      if (entries.isValid()) {
        oldestBucket = StoreKeys.bucket(entries.key());
        entries.seekToLast();
        newestBucket = StoreKeys.bucket(entries.key());
      }
      entries.status();
    }
  }

  private DBOptions options() {
    return own(new DBOptions())
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setParanoidChecks(true)
        // Damage before the end of the write-ahead log is an error, never left out: it was
        // answered. Only the write that was under way when the machine stopped may be torn.
        .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
        .setMaxTotalWalSize(WRITE_AHEAD_BYTES)
        .setMaxOpenFiles(MOST_OPEN_FILES)
        .setBytesPerSync(1 << 20)
        .setStatsDumpPeriodSec(0)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setKeepLogFileNum(4);
  }

  private ColumnFamilyOptions eventsOptions(Cache cache) {
    return own(new ColumnFamilyOptions())
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setWriteBufferSize(EVENTS_BUFFER_BYTES)
        .setTableFormatConfig(table(cache));
  }

  private ColumnFamilyOptions indexOptions(Cache cache, BloomFilter filter) {
    return own(new ColumnFamilyOptions())
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setWriteBufferSize(SMALL_BUFFER_BYTES)
        .useFixedLengthPrefixExtractor(StoreKeys.INDEX_PREFIX)
        .setTableFormatConfig(table(cache).setFilterPolicy(filter).setWholeKeyFiltering(false));
  }

  private ColumnFamilyOptions idsOptions(Cache cache, BloomFilter filter) {
    return own(new ColumnFamilyOptions())
        .setWriteBufferSize(SMALL_BUFFER_BYTES)
        .setCompressionType(CompressionType.NO_COMPRESSION) // hashes do not compress
        .setTableFormatConfig(table(cache).setFilterPolicy(filter));
  }

  private ColumnFamilyOptions runsOptions(Cache cache, BloomFilter filter) {
    return own(new ColumnFamilyOptions())
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setWriteBufferSize(SMALL_BUFFER_BYTES)
        .setTableFormatConfig(table(cache).setFilterPolicy(filter));
  }

  private static BlockBasedTableConfig table(Cache cache) {
    return new BlockBasedTableConfig()
        .setBlockCache(cache)
        .setBlockSize(TABLE_BLOCK_BYTES)
        .setCacheIndexAndFilterBlocks(true)
        .setPinL0FilterAndIndexBlocksInCache(true)
        .setFormatVersion(5);
  }

  private static ColumnFamilyDescriptor family(String name, ColumnFamilyOptions options) {
    return new ColumnFamilyDescriptor(name.getBytes(UTF_8), options);
  }

  private <T extends RocksObject> T own(T object) {
    owned.add(object);
    return object;
  }

  RocksDB db() {
    return db;
  }

  ColumnFamilyHandle meta() {
    return meta;
  }

  ColumnFamilyHandle events() {
    return events;
  }

  ColumnFamilyHandle index() {
    return index;
  }

  ColumnFamilyHandle ids() {
    return ids;
  }

  ColumnFamilyHandle runs() {
    return runs;
  }

  /// How tables of the index are written outside of the database.
  Options indexTable() {
    return indexTable;
  }

  /// How tables of ids are written outside of the database.
  Options idsTable() {
    return idsTable;
  }

  /// How tables of runs are written outside of the database.
  Options runsTable() {
    return runsTable;
  }

  /// What ids are hashed with.
  IdHash.Key idKey() {
    return idKey;
  }

  /// Where a table may be written that the database is to take; for one at a time.
  Path newTable() {
    return newTable;
  }

  /// Takes a table as it is. The file is gone then.
  void ingest(ColumnFamilyHandle family, Path table) throws RocksDBException {
    db.ingestExternalFile(family, List.of(table.toString()), ingestion);
  }

  /// A value about the log; null if there is none.
  byte @Nullable [] get(byte[] key) throws RocksDBException {
    return db.get(meta, key);
  }

  /// A number about the log.
  long number(byte[] key, long fallback) throws RocksDBException {
    byte[] value = get(key);
    return value == null ? fallback : StoreKeys.number(value);
  }

  /// Stores a value about the log, on disk.
  void put(byte[] key, byte[] value) throws RocksDBException {
    db.put(meta, synced, key, value);
  }

  /// Writes all or nothing.
  ///
  /// @param sync whether it is on disk when this returns; otherwise the machine may lose it when its
  ///     power fails, but not when this process is killed
  void write(WriteBatch batch, boolean sync) throws RocksDBException {
    db.write(sync ? synced : unsynced, batch);
  }

  /// The newest bucket of which there are ids; -1 if there are none.
  int newestBucket() {
    return newestBucket;
  }

  /// Notes that ids were added to a bucket.
  void addedIds(int bucket) {
    newestBucket = Math.max(newestBucket, bucket);
    oldestBucket = Math.min(oldestBucket, bucket);
  }

  /// The sequence of the event with each id, from a bucket or the one before;
  /// [RecentData#UNKNOWN] for those that are in neither.
  long[] find(List<IdHash> hashes, int bucket) throws RocksDBException {
    long[] found = new long[hashes.size()];
    for (int of = bucket - 1; of <= bucket; of++) {
      if (of >= oldestBucket && of <= newestBucket) {
        find(hashes, of, found);
      }
    }
    return found;
  }

  private void find(List<IdHash> hashes, int bucket, long[] found) throws RocksDBException {
    List<byte[]> keys = new ArrayList<>(hashes.size());
    for (IdHash id : hashes) {
      keys.add(StoreKeys.id(bucket, id));
    }
    List<ColumnFamilyHandle> families = Collections.nCopies(keys.size(), ids);
    List<byte[]> values = db.multiGetAsList(families, keys);
    for (int i = 0; i < found.length; i++) {
      byte[] value = values.get(i);
      if (value != null) {
        found[i] = StoreKeys.number(value);
      }
    }
  }

  /// Drops the ids of all buckets before this one.
  void dropIdsBefore(int bucket) throws RocksDBException {
    if (oldestBucket >= bucket) {
      return;
    }
    byte[] from = StoreKeys.bucketStart(0);
    byte[] to = StoreKeys.bucketStart(Math.max(0, bucket));
    db.deleteRange(ids, unsynced, from, to);
    db.deleteFilesInRanges(ids, List.of(from, to), false);
    oldestBucket = bucket;
  }

  /// Walks the blocks of events; to be closed.
  RocksIterator overEvents() {
    return db.newIterator(events);
  }

  /// Walks the index entries that share segment and key with the one that was sought; to be closed.
  RocksIterator overIndex() {
    return db.newIterator(index, samePrefix);
  }

  @Override
  public void close() {
    db.close(); // with its column families
    release();
  }

  private void release() {
    owned.reversed().forEach(RocksObject::close);
  }
}
