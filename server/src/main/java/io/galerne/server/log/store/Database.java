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

/// The open RocksDB database, its column families and their options. Owns every native object and
/// frees it in [#close]. Safe for use by several threads, except during and after [#close].
final class Database implements AutoCloseable {
  /// Size of the block cache, which includes the indexes and filters of tables.
  private static final long CACHE_BYTES = 64L << 20;

  /// log2 of the number of cache shards. A shard must hold the largest filter of a table, a few
  /// megabytes, or each access to the table reads the filter again.
  private static final int CACHE_SHARD_BITS = 2;

  /// Size of the memtable of blocks.
  private static final long EVENTS_BUFFER_BYTES = 32L << 20;

  /// Memtable size of the other families: [DataWriter] writes most of their data as tables.
  private static final long SMALL_BUFFER_BYTES = 1L << 20;

  /// Limit of the write-ahead log, which a restart replays.
  private static final long WRITE_AHEAD_BYTES = 256L << 20;

  /// How many tables of ids are merged at a time. All of them overlap, as ids are hashes, so each
  /// merge writes the whole next level again; each lookup of an id checks the filter of every table.
  private static final int IDS_TABLES = 16;

  /// Size of the level that they are merged into, before it is merged into the next one.
  private static final long IDS_LEVEL_BYTES = 512L << 20;

  /// Size of a table's blocks before compression.
  private static final int TABLE_BLOCK_BYTES = 16 * 1024;

  /// Limit of open files, so that a log of terabytes does not exhaust the process's file
  /// descriptors.
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

  /// The oldest and the newest bucket with ids; oldest > newest if there are none.
  private volatile int oldestBucket = Integer.MAX_VALUE;

  private volatile int newestBucket = -1;

  /// Opens the database in the folder; creates it if missing.
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
        // Corruption before the end of the write-ahead log is an error: those writes were
        // acknowledged. Only the last write before a crash may be torn.
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
        .setLevel0FileNumCompactionTrigger(IDS_TABLES)
        .setLevel0SlowdownWritesTrigger(4 * IDS_TABLES)
        .setLevel0StopWritesTrigger(8 * IDS_TABLES)
        .setMaxBytesForLevelBase(IDS_LEVEL_BYTES)
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

  /// Options for writing index tables to ingest.
  Options indexTable() {
    return indexTable;
  }

  /// Options for writing id tables to ingest.
  Options idsTable() {
    return idsTable;
  }

  /// Options for writing run tables to ingest.
  Options runsTable() {
    return runsTable;
  }

  /// The key for hashing ids.
  IdHash.Key idKey() {
    return idKey;
  }

  /// The file for a table to ingest. Only one at a time.
  Path newTable() {
    return newTable;
  }

  /// Ingests a table. Moves the file into the database.
  void ingest(ColumnFamilyHandle family, Path table) throws RocksDBException {
    db.ingestExternalFile(family, List.of(table.toString()), ingestion);
  }

  /// A metadata value of the log; null if there is none.
  byte @Nullable [] get(byte[] key) throws RocksDBException {
    return db.get(meta, key);
  }

  /// A metadata number of the log.
  long number(byte[] key, long fallback) throws RocksDBException {
    byte[] value = get(key);
    return value == null ? fallback : StoreKeys.number(value);
  }

  /// Stores a metadata value of the log, synced.
  void put(byte[] key, byte[] value) throws RocksDBException {
    db.put(meta, synced, key, value);
  }

  /// Writes a batch atomically.
  ///
  /// @param sync whether to sync before returning; otherwise a power failure may lose the batch,
  ///     but killing this process does not
  void write(WriteBatch batch, boolean sync) throws RocksDBException {
    db.write(sync ? synced : unsynced, batch);
  }

  /// The newest bucket with ids; -1 if there are none.
  int newestBucket() {
    return newestBucket;
  }

  /// Records that a bucket has new ids.
  void addedIds(int bucket) {
    newestBucket = Math.max(newestBucket, bucket);
    oldestBucket = Math.min(oldestBucket, bucket);
  }

  /// Looks up the sequence of each id in a bucket and the previous one; [RecentData#UNKNOWN] for
  /// ids in neither.
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

  /// An iterator over the blocks of events. The caller closes it.
  RocksIterator overEvents() {
    return db.newIterator(events);
  }

  /// An iterator over the index entries with the segment and key of the sought one. The caller
  /// closes it.
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
