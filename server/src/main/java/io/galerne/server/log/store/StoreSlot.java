package io.galerne.server.log.store;

import io.galerne.server.log.LogUnavailableException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/// Guards the open store with a read-write lock, so that no thread uses it while it is closed or
/// reopened. Safe for use by several threads.
final class StoreSlot implements AutoCloseable {
  private final Path database;
  private final StoreConfig config;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  /// Null if reopening failed, and after [#close].
  private @Nullable OpenStore store;

  private boolean closed;

  /// An operation on the store.
  @FunctionalInterface
  interface Work<T> {
    T with(OpenStore store) throws RocksDBException;
  }

  StoreSlot(Path database, StoreConfig config) throws RocksDBException {
    this.database = database;
    this.config = config;
    this.store = new OpenStore(database, config);
  }

  /// Runs an operation on the store, which stays open meanwhile.
  ///
  /// @throws LogUnavailableException if the store is not open
  <T> T use(Work<T> work) throws RocksDBException {
    lock.readLock().lock();
    try {
      if (store == null) {
        throw new LogUnavailableException(
            closed ? "The server is stopping" : "The log's files could not be reopened");
      }
      return work.with(store);
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Closes the store without flushing and reopens it. Waits for running operations.
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
