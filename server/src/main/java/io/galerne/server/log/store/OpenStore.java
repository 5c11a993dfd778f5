package io.galerne.server.log.store;

import io.galerne.server.log.Block;
import java.nio.file.Path;
import org.rocksdb.RocksDBException;

/// The open database and its derived data.
final class OpenStore {
  private final Database database;
  private final DerivedData derived;
  private final long newestMillis;

  /// Opens both, and derives the data that a crash left missing.
  OpenStore(Path folder, StoreConfig config) throws RocksDBException {
    this.database = new Database(folder);
    boolean opened = false;
    try {
      this.newestMillis = newestMillis(database);
      this.derived = new DerivedData(database, config, newestMillis);
      opened = true;
    } finally {
      if (!opened) {
        database.close();
      }
    }
  }

  private static long newestMillis(Database database) throws RocksDBException {
    try (LogReader reader = new LogReader(database)) {
      Block last = reader.lastBlock();
      return last == null ? 0 : last.commitMillis();
    }
  }

  Database database() {
    return database;
  }

  DerivedData derived() {
    return derived;
  }

  /// The commit time of the newest block, in milliseconds since 1970; 0 if there is none.
  long newestMillis() {
    return newestMillis;
  }

  /// Flushes the derived data, so that the next start need not derive it, and closes both.
  void close() {
    derived.close();
    database.close();
  }

  /// Closes both without flushing, because nothing can be written.
  void abandon() {
    derived.abandon();
    database.close();
  }
}
