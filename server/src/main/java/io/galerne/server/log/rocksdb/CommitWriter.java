package io.galerne.server.log.rocksdb;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.IdHash;
import io.galerne.server.log.PendingAppend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/// Turns appends into one write: gives out sequences, leaves out repeats, cuts the events into
/// blocks and lists them under their index keys. For one commit, by one thread.
final class CommitWriter {
  private final RocksStore store;
  private final RepeatedIds ids;
  private final BlockBuffer blocks;
  private final WriteBatch batch;
  private final long first;
  private final List<EventRecord> fresh = new ArrayList<>();
  private final List<long[]> answers = new ArrayList<>();

  /// @param batch what the commit is written into
  /// @param head the highest sequence that is taken
  CommitWriter(RocksStore store, RepeatedIds ids, BlockBuffer blocks, WriteBatch batch, long head) {
    this.store = store;
    this.ids = ids;
    this.blocks = blocks;
    this.batch = batch;
    this.first = head + 1;
  }

  /// Gives every event of the group its sequence: the next one, or that of the event it repeats.
  void assign(List<PendingAppend> group) throws RocksDBException {
    List<IdHash> all = new ArrayList<>();
    group.forEach(append -> all.addAll(List.of(append.ids())));
    long[] known = ids.find(all);
    Map<IdHash, Long> inThisCommit = HashMap.newHashMap(known.length);
    int position = 0;
    for (PendingAppend append : group) {
      long[] sequences = new long[append.ids().length];
      for (int i = 0; i < sequences.length; i++) {
        long sequence = known[position++];
        if (sequence == RepeatedIds.UNKNOWN) {
          Long earlier = inThisCommit.putIfAbsent(append.ids()[i], next());
          sequence = earlier == null ? add(append, i) : earlier;
        }
        sequences[i] = sequence;
      }
      answers.add(sequences);
    }
  }

  private long next() {
    return first + fresh.size();
  }

  private long add(PendingAppend append, int i) throws RocksDBException {
    long sequence = next();
    fresh.add(append.events().get(i));
    ids.add(batch, append.ids()[i], sequence);
    return sequence;
  }

  /// The events that are new, in the order of their sequences.
  EventRecord[] fresh() {
    return fresh.toArray(EventRecord[]::new);
  }

  /// The sequences of each append's events, in the order of the group.
  List<long[]> answers() {
    return answers;
  }

  /// Writes blocks and index entries.
  void write(EventRecord[] events, long millis) throws RocksDBException {
    int from = 0;
    int bytes = 0;
    for (int i = 0; i < events.length; i++) {
      bytes += events[i].length();
      if (bytes >= Block.TARGET_BYTES || i == events.length - 1) {
        blocks.put(batch, store.events(), events, from, i + 1, first + from, millis);
        from = i + 1;
        bytes = 0;
      }
    }
    index(events);
  }

  private void index(EventRecord[] events) throws RocksDBException {
    Map<Long, PostingList> lists = new HashMap<>();
    int segment = StoreKeys.segment(first);
    for (int i = 0; i < events.length; i++) {
      long sequence = first + i;
      if (StoreKeys.segment(sequence) != segment) {
        put(lists, segment);
        lists.clear();
        segment = StoreKeys.segment(sequence);
      }
      for (long key : events[i].keys()) {
        lists.computeIfAbsent(key, _ -> new PostingList()).add(sequence);
      }
    }
    put(lists, segment);
  }

  private void put(Map<Long, PostingList> lists, int segment) throws RocksDBException {
    for (Map.Entry<Long, PostingList> entry : lists.entrySet()) {
      PostingList list = entry.getValue();
      batch.put(store.index(), StoreKeys.index(segment, entry.getKey(), list.last()), list.write());
    }
  }
}
