package io.galerne.server.log.rocksdb;

import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/// One read of the log: finds in the index which sequences may match, and looks at those events.
/// Sees the store as it was when this was made. For one read, by one thread.
final class LogReader implements AutoCloseable {
  /// After so many events that did not match, a read gives its thread back.
  private static final int MOST_MISSES = 20_000;

  private final List<RocksIterator> iterators = new ArrayList<>();
  private final RocksIterator blocks;
  private final RocksIterator segments;
  private @Nullable Block block;

  LogReader(RocksStore store) {
    this.blocks = own(store.overEvents());
    this.segments = own(store.overEvents());
  }

  /// What may match the filter, by the index.
  Postings candidates(RocksStore store, EventFilter filter) {
    List<Postings> terms = new ArrayList<>();
    for (long[] anyOf : filter.keys()) {
      List<Postings> alternatives = new ArrayList<>();
      for (long key : anyOf) {
        alternatives.add(new IndexEntries(key, own(store.overIndex())));
      }
      terms.add(Postings.union(alternatives));
    }
    return Postings.intersection(terms);
  }

  /// Visits what matches from `from` to `head`, both inclusive; see
  /// [io.galerne.server.log.EventLog#read].
  long read(Postings candidates, EventFilter filter, long from, long head, EventVisitor visitor)
      throws RocksDBException {
    int misses = 0;
    long next = from;
    while (true) {
      long sequence = candidates.next(next);
      if (sequence > head) {
        return Math.max(from, head + 1);
      }
      next = sequence + 1;
      EventRecord event = event(sequence);
      if (event == null || !filter.matches(event)) {
        if (++misses == MOST_MISSES) {
          return next;
        }
        continue;
      }
      switch (visitor.visit(sequence, event)) {
        case TAKEN -> {}
        case LAST -> {
          return next;
        }
        case REFUSED -> {
          return sequence;
        }
      }
    }
  }

  /// The block that contains the sequence, or else the first behind it; null where there is none.
  @Nullable Block blockFrom(long sequence) throws RocksDBException {
    blocks.seek(StoreKeys.number(sequence));
    return current();
  }

  private @Nullable EventRecord event(long sequence) throws RocksDBException {
    if (block == null || sequence > block.last()) {
      if (block != null && sequence == block.last() + 1) {
        blocks.next();
        block = current();
      }
      if (block == null || sequence > block.last()) {
        block = blockFrom(sequence);
      }
    }
    return block == null ? null : block.find(sequence);
  }

  private @Nullable Block current() throws RocksDBException {
    if (blocks.isValid()) {
      return new Block(blocks.value());
    }
    blocks.status();
    return null;
  }

  private RocksIterator own(RocksIterator iterator) {
    iterators.add(iterator);
    return iterator;
  }

  @Override
  public void close() {
    iterators.forEach(RocksIterator::close);
  }

  /// What the index has under one key, over all segments.
  private final class IndexEntries implements Postings {
    private final long key;
    private final RocksIterator entries;
    private byte[] prefix = new byte[StoreKeys.INDEX_PREFIX];

    /// The sequences of the entry it stands on, and the first of them that was not passed yet;
    /// none where it stands on no entry.
    private long[] sequences = {};

    private int at;

    private IndexEntries(long key, RocksIterator entries) {
      this.key = key;
      this.entries = entries;
    }

    @Override
    public long next(long from) {
      if (sequences.length > 0 && !advance(from)) {
        entries.next(); // most often the next commit's list
        take();
      }
      if (!advance(from)) {
        seek(from);
      }
      return advance(from) ? sequences[at] : NONE;
    }

    /// Passes what is below `from`; whether anything is left of the entry then.
    private boolean advance(long from) {
      while (at < sequences.length && sequences[at] < from) {
        at++;
      }
      return at < sequences.length;
    }

    private void seek(long from) {
      long position = from;
      while (true) {
        int segment = StoreKeys.segment(position);
        byte[] target = StoreKeys.index(segment, key, position);
        prefix = target;
        entries.seek(target);
        take();
        if (sequences.length > 0) {
          return;
        }
        long later = nextSegmentWithEvents(segment);
        if (later == NONE) {
          return;
        }
        position = later;
      }
    }

    /// Reads the entry that the iterator stands on, if it is still one of this key's.
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

    /// The first sequence of a later segment that has an event; [#NONE] where there is none.
    private long nextSegmentWithEvents(int segment) {
      long start = StoreKeys.firstOfSegment(segment + 1);
      try {
        segments.seek(StoreKeys.number(start));
        if (!segments.isValid()) {
          segments.status();
          return NONE;
        }
        return Math.max(start, new Block(segments.value()).first());
      } catch (RocksDBException e) {
        throw new StoreFailure(e);
      }
    }
  }
}
