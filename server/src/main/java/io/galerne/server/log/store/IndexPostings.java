package io.galerne.server.log.store;

import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/// The sequences of one index key: first those on disk, across all segments, then those in memory.
/// For one read, by one thread.
final class IndexPostings implements Postings {
  private final long key;
  private final RocksIterator entries;
  private final LogReader blocks;
  private final List<RecentData> recent;

  /// The first sequence that is in memory.
  private final long firstInMemory;

  private byte[] prefix = new byte[StoreKeys.INDEX_PREFIX];
  private boolean inMemory;

  /// The current list, empty if there is none; `at` is the index of its next sequence.
  private long[] sequences = {};

  private int at;

  /// @param entries an iterator over the index, closed by its owner
  /// @param blocks finds the segments with events
  /// @param recent the data in memory, taken before the iterator was created
  IndexPostings(long key, RocksIterator entries, LogReader blocks, List<RecentData> recent) {
    this.key = key;
    this.entries = entries;
    this.blocks = blocks;
    this.recent = recent;
    this.firstInMemory = recent.getFirst().first();
  }

  @Override
  public long next(long from) {
    if (!inMemory && from < firstInMemory) {
      long stored = nextStored(from);
      if (stored < firstInMemory) {
        return stored;
      }
    }
    if (!inMemory) {
      inMemory = true;
      sequences = new long[0];
      at = 0;
    }
    return nextRecent(Math.max(from, firstInMemory));
  }

  private long nextRecent(long from) {
    if (advance(from)) {
      return sequences[at];
    }
    at = 0;
    for (RecentData data : recent) {
      sequences = data.postings(key, from, PostingList.MOST);
      if (sequences.length > 0) {
        return sequences[0];
      }
    }
    return NONE;
  }

  private long nextStored(long from) {
    if (sequences.length > 0 && !advance(from)) {
      entries.next(); // usually the next list of the same segment
      take();
    }
    if (!advance(from)) {
      seek(from);
    }
    return advance(from) ? sequences[at] : NONE;
  }

  /// Skips sequences below `from`. Returns whether the list has any left.
  private boolean advance(long from) {
    while (at < sequences.length && sequences[at] < from) {
      at++;
    }
    return at < sequences.length;
  }

  private void seek(long from) {
    long position = from;
    while (position < firstInMemory) {
      int segment = StoreKeys.segment(position);
      byte[] target = StoreKeys.index(segment, key, position);
      prefix = target;
      entries.seek(target);
      take();
      if (sequences.length > 0) {
        return;
      }
      try {
        position = blocks.firstFrom(StoreKeys.firstOfSegment(segment + 1));
      } catch (RocksDBException e) {
        throw new StoreFailure(e);
      }
    }
  }

  /// Reads the list at the iterator, if it belongs to this key.
  private void take() {
    sequences = new long[0];
    at = 0;
    try {
      if (entries.isValid()) {
        byte[] found = entries.key();
        if (StoreKeys.samePrefix(found, prefix)) {
          sequences = PostingList.read(entries.value(), StoreKeys.lastSequence(found));
        }
      } else {
        entries.status();
      }
    } catch (RocksDBException e) {
      throw new StoreFailure(e);
    }
  }
}
