package io.galerne.server.log.rocksdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// The opened database: its column families, and how each is tuned. Owns every native object and
/// frees them in [#close]. Safe for use by several threads, but not while it is closed.
final class RocksStore implements AutoCloseable {
  /// Blocks read from disk, and the indexes and filters of tables, in memory.
  private static final long CACHE_BYTES = 64L << 20;

  /// How much of a family is collected in memory before it is written as a sorted table.
  private static final long EVENTS_BUFFER_BYTES = 64L << 20;

  private static final long KEYS_BUFFER_BYTES = 32L << 20;

  /// A restart reads this much again at most.
  private static final long WRITE_AHEAD_BYTES = 256L << 20;

  /// How large a table's blocks are, before compression.
  private static final int TABLE_BLOCK_BYTES = 16 * 1024;

  /// Open files, so that a log of terabytes does not use up what the process may open.
  private static final int MOST_OPEN_FILES = 1000;

  private static final double FILTER_BITS_PER_KEY = 10;

  /// Share of a buffer that a filter of its keys may take.
  private static final double BUFFER_FILTER_SHARE = 0.05;

  private final List<RocksObject> owned = new ArrayList<>();
  private final RocksDB db;
  private final ColumnFamilyHandle meta;
  private final ColumnFamilyHandle events;
  private final ColumnFamilyHandle index;
  private final ColumnFamilyHandle ids;
  private final WriteOptions synced;
  private final ReadOptions samePrefix;
  private final ReadOptions inMemory;

  /// Opens the database in the folder, and makes it where there is none.
  RocksStore(Path folder) throws RocksDBException {
    RecordFraming.check(folder);
    RocksDB.loadLibrary();
    Cache cache = own(new LRUCache(CACHE_BYTES));
    BloomFilter filter = own(new BloomFilter(FILTER_BITS_PER_KEY));
    List<ColumnFamilyDescriptor> families =
        List.of(
            family("default", own(new ColumnFamilyOptions())),
            family("events", eventsOptions(cache)),
            family("index", indexOptions(cache, filter)),
            family("ids", idsOptions(cache, filter)));
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
    this.synced = own(new WriteOptions().setSync(true));
    this.samePrefix = own(new ReadOptions().setPrefixSameAsStart(true));
    this.inMemory = own(new ReadOptions().setReadTier(ReadTier.MEMTABLE_TIER));
  }

  private DBOptions options() {
    return own(new DBOptions())
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setParanoidChecks(true)
        // What is damaged before the end of the write-ahead log is an error, never left out: it was
        // answered. Only what was being written when the machine stopped may be torn.
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
        .setWriteBufferSize(KEYS_BUFFER_BYTES)
        .useFixedLengthPrefixExtractor(StoreKeys.INDEX_PREFIX)
        .setMemtablePrefixBloomSizeRatio(BUFFER_FILTER_SHARE)
        .setTableFormatConfig(table(cache).setFilterPolicy(filter).setWholeKeyFiltering(false));
  }

  private ColumnFamilyOptions idsOptions(Cache cache, BloomFilter filter) {
    return own(new ColumnFamilyOptions())
        .setWriteBufferSize(KEYS_BUFFER_BYTES)
        .setMemtablePrefixBloomSizeRatio(BUFFER_FILTER_SHARE)
        .setMemtableWholeKeyFiltering(true)
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

  /// Writes all or nothing, and returns once it is on disk.
  void write(WriteBatch batch) throws RocksDBException {
    db.write(synced, batch);
  }

  /// Walks the blocks of events; to be closed.
  RocksIterator overEvents() {
    return db.newIterator(events);
  }

  /// Walks the blocks of events that have not been written to files yet; to be closed.
  RocksIterator overEventsInMemory() {
    return db.newIterator(events, inMemory);
  }

  /// Walks the index entries that share segment and key with what was sought; to be closed.
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
