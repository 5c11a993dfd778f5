package io.galerne.server.log.store;

import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/// The sequences under one index key: first those on disk, over all segments, then those in memory.
/// For one read, by one thread.
final class IndexPostings implements Postings {
  private final long key;
  private final RocksIterator entries;
  private final LogReader blocks;
  private final List<RecentData> recent;

  /// From here on, everything is in memory.
  private final long firstInMemory;

  private byte[] prefix = new byte[StoreKeys.INDEX_PREFIX];
  private boolean inMemory;

  /// The sequences of the list it stands on, and the first of them that was not passed yet; none if
  /// it stands on no list.
  private long[] sequences = {};

  private int at;

  /// @param entries over the index, closed by its owner
  /// @param blocks tells in which segments there are events
  /// @param recent what is in memory, taken before the iterator was made
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
      entries.next(); // most often the next list of the same segment
      take();
    }
    if (!advance(from)) {
      seek(from);
    }
    return advance(from) ? sequences[at] : NONE;
  }

  /// Passes everything below `from`; whether anything of the list is left then.
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

  /// Reads the list that the iterator stands on, if it is still one of this key's.
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
