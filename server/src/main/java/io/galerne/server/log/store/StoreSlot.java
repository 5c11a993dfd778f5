package io.galerne.server.log.store;

import io.galerne.server.log.LogUnavailableException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/// Holds the open store, so that nobody uses it while it is closed or opened again. Safe for use by
/// several threads.
final class StoreSlot implements AutoCloseable {
  private final Path database;
  private final StoreConfig config;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  /// Null if it could not be opened again, and once this is closed.
  private @Nullable OpenStore store;

  private boolean closed;

  /// Something to do with the store.
  @FunctionalInterface
  interface Work<T> {
    T with(OpenStore store) throws RocksDBException;
  }

  StoreSlot(Path database, StoreConfig config) throws RocksDBException {
    this.database = database;
    this.config = config;
    this.store = new OpenStore(database, config);
  }

  /// Does something with the store, which stays open meanwhile.
  ///
  /// @throws LogUnavailableException if there is no store now
  <T> T use(Work<T> work) throws RocksDBException {
    lock.readLock().lock();
    try {
      if (store == null) {
        throw new LogUnavailableException(
            closed ? "The server is stopping" : "The log's files could not be opened again");
      }
      return work.with(store);
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Closes the store and opens it again, from what is on disk. Waits for those who use it.
  void reopen() throws RocksDBException {
    lock.writeLock().lock();
    try {
      if (store != null) {
        store.abandon();
        store = null;
      }
      if (!closed) {
        store = new OpenStore(database, config);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      closed = true;
      if (store != null) {
        store.close();
        store = null;
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
