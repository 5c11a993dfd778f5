package io.galerne.server.log.rocksdb;

import io.galerne.server.log.EventRecord;
import java.nio.ByteBuffer;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/// Where blocks are put together on their way into a commit: memory outside the heap that is used
/// again and again, and that the store takes without another copy. Used by the committing thread
/// only.
final class BlockBuffer {
  /// A block of one very large event gets memory of its own, which nobody keeps.
  private static final int MOST_KEPT_BYTES = 256 * 1024;

  private final ByteBuffer key = ByteBuffer.allocateDirect(Long.BYTES);
  private ByteBuffer block = ByteBuffer.allocateDirect(2 * Block.TARGET_BYTES);

  /// Puts the events from position `from` up to `to` (exclusive) into the batch, as one block.
  void put(
      WriteBatch batch,
      ColumnFamilyHandle family,
      EventRecord[] events,
      int from,
      int to,
      long firstSequence,
      long millis)
      throws RocksDBException {
    ByteBuffer value = ofSize(Block.size(events, from, to));
    Block.write(value, events, from, to, firstSequence, millis);
    key.clear().putLong(firstSequence + to - from - 1);
    batch.put(family, key.flip(), value.flip());
  }

  private ByteBuffer ofSize(int size) {
    if (size > MOST_KEPT_BYTES) {
      return ByteBuffer.allocateDirect(size);
    }
    if (size > block.capacity()) {
      block = ByteBuffer.allocateDirect(MOST_KEPT_BYTES);
    }
    return block.clear();
  }
}
