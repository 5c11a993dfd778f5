package io.galerne.server.log.store;

import io.galerne.server.log.runs.RunChanges;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.EnvOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/// Writes a [RecentData] to disk: as sorted tables, which the database ingests, then the mark.
/// After a crash in between, the same entries are written again, which no read can notice. Writes
/// one [RecentData] at a time, on one thread.
final class DataWriter {
  private final Database database;

  DataWriter(Database database) {
    this.database = database;
  }

  /// Writes the data and drops expired ids.
  ///
  /// @param newestBucket the current bucket of ids
  void write(RecentData data, int newestBucket) throws RocksDBException {
    if (data.hasIds() && data.bucket() >= newestBucket - 1) {
      addTable(database.ids(), database.idsTable(), table -> writeIds(data, table));
      database.addedIds(data.bucket());
    }
    addTable(database.index(), database.indexTable(), table -> writeIndex(data, table));
    write(data.runs());
    database.put(StoreKeys.DERIVED, StoreKeys.number(data.last()));
    database.dropIdsBefore(newestBucket - 1);
  }

  /// Writes workflow runs, all or none.
  void write(RunChanges changes) throws RocksDBException {
    if (!changes.isEmpty()) {
      addTable(database.runs(), database.runsTable(), changes::write);
    }
  }

  /// Fills a table.
  @FunctionalInterface
  private interface Filling {
    void into(SstFileWriter table) throws RocksDBException;
  }

  private void addTable(ColumnFamilyHandle family, Options options, Filling filling)
      throws RocksDBException {
    Path file = database.newTable();
    // After a crash it may be a hard link to a table that the database has ingested: do not
    // overwrite it.
    delete(file);
    try (EnvOptions environment = new EnvOptions();
        SstFileWriter table = new SstFileWriter(environment, options)) {
      table.open(file.toString());
      filling.into(table);
      table.finish();
      database.ingest(family, file);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + file, e);
    }
  }

  private static void writeIds(RecentData data, SstFileWriter table) throws RocksDBException {
    data.<RocksDBException>forEachId((high, low, sequence) ->
        table.put(StoreKeys.id(data.bucket(), high, low), StoreKeys.number(sequence)));
  }

  private static void writeIndex(RecentData data, SstFileWriter table) throws RocksDBException {
    int firstSegment = StoreKeys.segment(data.first());
    int lastSegment = StoreKeys.segment(data.last());
    for (int segment = firstSegment; segment <= lastSegment; segment++) {
      long from = StoreKeys.firstOfSegment(segment);
      long end = StoreKeys.firstOfSegment(segment + 1);
      int of = segment;
      data.<RocksDBException>forEachKey((key, offsets, count) -> {
        int start = 0;
        while (start < count && data.first() + offsets[start] < from) {
          start++;
        }
        int stop = start;
        while (stop < count && data.first() + offsets[stop] < end) {
          stop++;
        }
        writeLists(table, of, key, offsets, start, stop, data.first());
      });
    }
  }

  private static void writeLists(
      SstFileWriter table, int segment, long key, int[] offsets, int from, int to, long base)
      throws RocksDBException {
    for (int at = from; at < to; at += PostingList.MOST) {
      int count = Math.min(PostingList.MOST, to - at);
      table.put(
          StoreKeys.index(segment, key, base + offsets[at + count - 1]),
          PostingList.write(offsets, at, count, base));
    }
  }
}
