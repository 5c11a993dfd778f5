package io.galerne.server.log.store;

import io.galerne.server.log.Block;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/// A read of the log: finds candidate sequences in the index and checks their events. Sees the
/// blocks that existed when it was created. For one read, by one thread.
final class LogReader implements AutoCloseable {
  /// The number of events that did not match after which a read returns, to release its thread.
  private static final int MOST_MISSES = 20_000;

  private final Database database;
  private final List<RocksIterator> iterators = new ArrayList<>();
  private final RocksIterator blocks;
  private final RocksIterator segments;
  private @Nullable Block block;
  private Block.@Nullable Cursor cursor;

  LogReader(Database database) {
    this.database = database;
    this.blocks = own(database.overEvents());
    this.segments = own(database.overEvents());
  }

  /// The sequences that may match the filter, according to the index.
  ///
  /// @param recent the index in memory, taken before this reader was created
  Postings candidates(EventFilter filter, List<RecentData> recent) {
    List<Postings> terms = new ArrayList<>();
    for (long[] anyOf : filter.keys()) {
      List<Postings> alternatives = new ArrayList<>();
      for (long key : anyOf) {
        alternatives.add(new IndexPostings(key, own(database.overIndex()), this, recent));
      }
      terms.add(Postings.union(alternatives));
    }
    return Postings.intersection(terms);
  }

  /// Visits the candidates that match the filter from `from` to `head`, both inclusive; see
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

  /// The block that contains the sequence, or the first after it; null if there is none.
  @Nullable Block blockFrom(long sequence) throws RocksDBException {
    blocks.seek(StoreKeys.number(sequence));
    return current();
  }

  /// The block after the current one; null if there is none.
  @Nullable Block nextBlock() throws RocksDBException {
    blocks.next();
    return current();
  }

  /// The newest block; null if there is none.
  @Nullable Block lastBlock() throws RocksDBException {
    blocks.seekToLast();
    return current();
  }

  /// The first sequence at or after this one that has an event; [Postings#NONE] if there is none.
  long firstFrom(long sequence) throws RocksDBException {
    segments.seek(StoreKeys.number(sequence));
    if (!segments.isValid()) {
      segments.status();
      return Postings.NONE;
    }
    return Math.max(sequence, new Block(segments.value(), 0).first());
  }

  private @Nullable EventRecord event(long sequence) throws RocksDBException {
    if (block == null || sequence > block.last()) {
      if (block != null && sequence == block.last() + 1) {
        nextBlock();
      }
      if (block == null || sequence > block.last()) {
        blockFrom(sequence);
      }
    }
    return cursor == null ? null : cursor.find(sequence);
  }

  private @Nullable Block current() throws RocksDBException {
    if (!blocks.isValid()) {
      blocks.status();
      block = null;
      cursor = null;
      return null;
    }
    Block found = new Block(blocks.value(), 0);
    block = found;
    cursor = found.cursor();
    return found;
  }

  private RocksIterator own(RocksIterator iterator) {
    iterators.add(iterator);
    return iterator;
  }

  @Override
  public void close() {
    iterators.forEach(RocksIterator::close);
  }
}
