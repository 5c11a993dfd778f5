/// The event log on an embedded RocksDB. [io.galerne.server.log.rocksdb.StoreKeys] has the table of
/// everything that is on disk.
@NullMarked
package io.galerne.server.log.rocksdb;

import org.jspecify.annotations.NullMarked;
