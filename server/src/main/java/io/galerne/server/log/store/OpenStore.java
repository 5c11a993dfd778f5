package io.galerne.server.log.store;

import io.galerne.server.log.Block;
import java.nio.file.Path;
import org.rocksdb.RocksDBException;

/// The database and what is derived from its blocks, while they are open.
final class OpenStore {
  private final Database database;
  private final DerivedData derived;
  private final long newestMillis;

  /// Opens both, and derives what a crash left underived.
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

  /// When the newest block was committed.
  long newestMillis() {
    return newestMillis;
  }

  /// Writes what is derived to disk, so that the next start need not derive it, and closes both.
  void close() {
    derived.close();
    database.close();
  }

  /// Closes both as they are: nothing can be written.
  void abandon() {
    derived.abandon();
    database.close();
  }
}
