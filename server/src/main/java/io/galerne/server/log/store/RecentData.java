package io.galerne.server.log.store;

import io.galerne.server.log.Block;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.IdHash;
import io.galerne.server.log.runs.RunChanges;
import java.security.SecureRandom;
import java.util.Arrays;

/// The data derived from recent blocks that is not on disk yet: postings by index key, sequences by
/// id, and changed runs. Serves reads from [#first] on.
///
/// One thread adds, any thread reads; this object's monitor guards all fields.
final class RecentData {
  private static final int FIRST_SLOTS = 1 << 10;

  /// Approximate bytes per table entry, including the table's free slots.
  private static final long POSTINGS_SLOT_BYTES = 2 * (Long.BYTES + 4 + Integer.BYTES);

  private static final long ID_SLOT_BYTES = 2 * 3 * Long.BYTES;
  private static final long ARRAY_BYTES = 16;

  /// An odd factor that nobody outside this process knows, so that nobody can choose values whose
  /// keys collide in the table.
  private static final long FACTOR = new SecureRandom().nextLong() | 1;

  /// Maximum distance between its sequences.
  private static final long MOST_SPAN = 8L << 20;

  /// Returned by [#find] if the id is unknown. No event has this sequence.
  static final long UNKNOWN = 0;

  private final long first;
  private final int bucket;
  private final RunChanges runs;
  private long last;
  private int events;
  private long bytes;

  // Postings: an open-addressed table. A slot with a count of 0 is free. Lists hold distances to
  // `first`.
  private long[] keys = new long[FIRST_SLOTS];
  private int[][] lists = new int[FIRST_SLOTS][];
  private int[] counts = new int[FIRST_SLOTS];
  private int usedKeys;

  // Ids: an open-addressed table of high, low and sequence. A slot with sequence 0 is free.
  private long[] ids = new long[3 * FIRST_SLOTS];
  private int usedIds;

  /// @param first the first sequence that it may contain
  /// @param bucket the bucket of its ids
  /// @param runs collects the changed workflow runs
  RecentData(long first, int bucket, RunChanges runs) {
    this.first = first;
    this.bucket = bucket;
    this.runs = runs;
    this.last = first - 1;
  }

  long first() {
    return first;
  }

  int bucket() {
    return bucket;
  }

  synchronized long last() {
    return last;
  }

  synchronized boolean isEmpty() {
    return events == 0;
  }

  /// Approximate memory use in bytes.
  synchronized long bytes() {
    return bytes + runs.bytes();
  }

  /// The workflow runs that the blocks have changed.
  RunChanges runs() {
    return runs;
  }

  /// Whether a sequence is close enough to the first: after a restore there may be a gap of a
  /// thousand segments.
  boolean reaches(long sequence) {
    return sequence - first <= MOST_SPAN;
  }

  synchronized boolean hasIds() {
    return usedIds > 0;
  }

  /// Adds a block after the others.
  ///
  /// @param hashes the id hashes of its events; empty if the ids need not be recognised
  void add(Block block, EventRecord[] records, IdHash[] hashes) {
    long[][] indexKeys = new long[records.length][];
    for (int i = 0; i < records.length; i++) {
      indexKeys[i] = records[i].keys();
    }
    synchronized (this) {
      for (int i = 0; i < records.length; i++) {
        int offset = Math.toIntExact(block.first() + i - first);
        for (long key : indexKeys[i]) {
          post(key, offset);
        }
        if (i < hashes.length) {
          put(hashes[i].high(), hashes[i].low(), block.first() + i);
        }
      }
      last = block.last();
      events += records.length;
    }
  }

  private void post(long key, int offset) {
    if (2 * usedKeys >= keys.length) {
      growKeys();
    }
    int slot = keySlot(keys, counts, key);
    int count = counts[slot];
    if (count == 0) {
      keys[slot] = key;
      lists[slot] = new int[] {offset, 0};
      usedKeys++;
      bytes += POSTINGS_SLOT_BYTES + ARRAY_BYTES + 2 * Integer.BYTES;
    } else {
      int[] list = lists[slot];
      if (list[count - 1] == offset) {
        return; // two values of one event may share a key
      }
      if (count == list.length) {
        list = Arrays.copyOf(list, 2 * count);
        lists[slot] = list;
        bytes += (long) count * Integer.BYTES;
      }
      list[count] = offset;
    }
    counts[slot] = count + 1;
  }

  private static int keySlot(long[] keys, int[] counts, long key) {
    int mask = keys.length - 1;
    int slot = (int) ((key * FACTOR) >>> 32) & mask;
    while (counts[slot] > 0 && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void growKeys() {
    long[] moreKeys = new long[2 * keys.length];
    int[][] moreLists = new int[moreKeys.length][];
    int[] moreCounts = new int[moreKeys.length];
    for (int i = 0; i < keys.length; i++) {
      if (counts[i] > 0) {
        int slot = keySlot(moreKeys, moreCounts, keys[i]);
        moreKeys[slot] = keys[i];
        moreLists[slot] = lists[i];
        moreCounts[slot] = counts[i];
      }
    }
    keys = moreKeys;
    lists = moreLists;
    counts = moreCounts;
  }

  private void put(long high, long low, long sequence) {
    if (2 * usedIds >= ids.length / 3) {
      growIds();
    }
    int slot = idSlot(ids, high, low);
    if (ids[slot + 2] == UNKNOWN) {
      usedIds++;
      bytes += ID_SLOT_BYTES;
    }
    ids[slot] = high;
    ids[slot + 1] = low;
    ids[slot + 2] = sequence;
  }

  private static int idSlot(long[] ids, long high, long low) {
    int slots = ids.length / 3; // a power of two
    int slot = (int) low & (slots - 1);
    while (ids[3 * slot + 2] != UNKNOWN && (ids[3 * slot] != high || ids[3 * slot + 1] != low)) {
      slot = (slot + 1) & (slots - 1);
    }
    return 3 * slot;
  }

  private void growIds() {
    long[] more = new long[2 * ids.length];
    for (int i = 0; i < ids.length; i += 3) {
      if (ids[i + 2] != UNKNOWN) {
        System.arraycopy(ids, i, more, idSlot(more, ids[i], ids[i + 1]), 3);
      }
    }
    ids = more;
  }

  /// The sequence of the event with this id; [#UNKNOWN] if it is not here.
  synchronized long find(IdHash id) {
    return ids[idSlot(ids, id.high(), id.low()) + 2];
  }

  /// Copies the sequences of a key at or above `from`, in ascending order.
  ///
  /// @return at most `most` sequences; empty if none follow
  synchronized long[] postings(long key, long from, int most) {
    int slot = keySlot(keys, counts, key);
    int count = counts[slot];
    if (count == 0 || from > last) {
      return new long[0];
    }
    int[] list = lists[slot];
    int start = Arrays.binarySearch(list, 0, count, (int) Math.max(0, from - first));
    start = start < 0 ? -start - 1 : start;
    long[] found = new long[Math.min(most, count - start)];
    for (int i = 0; i < found.length; i++) {
      found[i] = first + list[start + i];
    }
    return found;
  }

  /// Receives the postings of a key.
  @FunctionalInterface
  interface PostingsVisitor<E extends Exception> {
    void visit(long key, int[] offsets, int count) throws E;
  }

  /// Visits all postings in index order, that is by unsigned key. Call it only after the last
  /// [#add].
  <E extends Exception> void forEachKey(PostingsVisitor<E> visitor) throws E {
    long[] sorted = new long[usedKeys];
    int count = 0;
    for (int i = 0; i < keys.length; i++) {
      if (counts[i] > 0) {
        sorted[count++] = keys[i] ^ Long.MIN_VALUE;
      }
    }
    Arrays.sort(sorted);
    for (long flipped : sorted) {
      int slot = keySlot(keys, counts, flipped ^ Long.MIN_VALUE);
      visitor.visit(keys[slot], lists[slot], counts[slot]);
    }
  }

  /// Receives an id.
  @FunctionalInterface
  interface IdVisitor<E extends Exception> {
    void visit(long high, long low, long sequence) throws E;
  }

  /// Visits all ids in the order of their unsigned bytes. Call it only after the last [#add].
  <E extends Exception> void forEachId(IdVisitor<E> visitor) throws E {
    // Pack the high bits of an id and its slot into one number: sorting numbers does most of the
    // work.
    int slots = ids.length / 3;
    int slotBits = Integer.numberOfTrailingZeros(slots);
    long[] sorted = new long[usedIds];
    int count = 0;
    for (int slot = 0; slot < slots; slot++) {
      if (ids[3 * slot + 2] != UNKNOWN) {
        sorted[count++] = ((ids[3 * slot] >>> slotBits << slotBits) | slot) ^ Long.MIN_VALUE;
      }
    }
    Arrays.sort(sorted);
    for (int i = 1; i < count; i++) { // insertion sort of ids with equal high bits
      for (int j = i; j > 0 && precedes(at(sorted[j], slots), at(sorted[j - 1], slots)); j--) {
        long other = sorted[j - 1];
        sorted[j - 1] = sorted[j];
        sorted[j] = other;
      }
    }
    for (long entry : sorted) {
      int at = at(entry, slots);
      visitor.visit(ids[at], ids[at + 1], ids[at + 2]);
    }
  }

  private static int at(long entry, int slots) {
    return 3 * (int) (entry & (slots - 1));
  }

  private boolean precedes(int one, int other) {
    int order = Long.compareUnsigned(ids[one], ids[other]);
    return order < 0 || (order == 0 && Long.compareUnsigned(ids[one + 1], ids[other + 1]) < 0);
  }
}
