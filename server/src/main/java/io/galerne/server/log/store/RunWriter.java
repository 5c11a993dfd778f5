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

/// Writes a [RecentRun] to disk: as sorted tables, which the database takes as they are, and then the
/// mark. After a crash in between, the same entries are written again, which changes nothing
/// that a read could see. For one run, by one thread.
final class RunWriter {
  private final Database database;

  RunWriter(Database database) {
    this.database = database;
  }

  /// Writes the run, and drops ids that are too old.
  ///
  /// @param newestBucket the bucket that ids are filed in now
  void write(RecentRun run, int newestBucket) throws RocksDBException {
    if (run.hasIds() && run.bucket() >= newestBucket - 1) {
      addTable(database.ids(), database.idsTable(), table -> writeIds(run, table));
      database.addedIds(run.bucket());
    }
    addTable(database.index(), database.indexTable(), table -> writeIndex(run, table));
    write(run.workflowRuns());
    database.put(StoreKeys.DERIVED, StoreKeys.number(run.last()));
    database.dropIdsBefore(newestBucket - 1);
  }

  /// Writes runs of workflows, all or none.
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
    // It may still be another name of a table that the database took just before a crash: that one
    // must not be written to.
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

  private static void writeIds(RecentRun run, SstFileWriter table) throws RocksDBException {
    run.<RocksDBException>forEachId((high, low, sequence) ->
        table.put(StoreKeys.id(run.bucket(), high, low), StoreKeys.number(sequence)));
  }

  private static void writeIndex(RecentRun run, SstFileWriter table) throws RocksDBException {
    int firstSegment = StoreKeys.segment(run.first());
    int lastSegment = StoreKeys.segment(run.last());
    for (int segment = firstSegment; segment <= lastSegment; segment++) {
      long from = StoreKeys.firstOfSegment(segment);
      long end = StoreKeys.firstOfSegment(segment + 1);
      int of = segment;
      run.<RocksDBException>forEachKey((key, offsets, count) -> {
        int start = 0;
        while (start < count && run.first() + offsets[start] < from) {
          start++;
        }
        int stop = start;
        while (stop < count && run.first() + offsets[stop] < end) {
          stop++;
        }
        writeLists(table, of, key, offsets, start, stop, run.first());
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
