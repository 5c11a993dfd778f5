package io.galerne.server.log.store;

import org.rocksdb.RocksDBException;

/// Carries a [RocksDBException] through code that cannot declare it.
final class StoreFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreFailure(RocksDBException cause) {
    super(cause.getMessage(), cause);
  }
}
