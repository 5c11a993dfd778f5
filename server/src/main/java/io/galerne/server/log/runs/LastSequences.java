package io.galerne.server.log.runs;

import java.util.ArrayList;
import java.util.List;

/// The last sequences of runs whose recent events changed nothing else, and whether an activity of
/// the run is being retried: what it takes to fold in the next event of such a run. Most events are
/// folded in with one lookup here. Not safe for use by several threads.
final class LastSequences {
  /// Least memory use of a run in bytes: at most half of the slots are in use.
  static final long BYTES_PER_RUN = 2 * 4 * Long.BYTES;

  private static final int FIRST_SLOTS = 256;

  // An open-addressed table of slots of four numbers: namespace, run, execution, and the last
  // sequence with the lowest bit for `retrying`. The fourth number of a free slot is 0; a forgotten
  // run keeps its slot, with sequence 0.
  private long[] table = new long[4 * FIRST_SLOTS];
  private int usedSlots;
  private int runs;

  /// The last sequence of a run.
  record Last(RunKey key, long sequence) {}

  /// The last sequence of a run; 0 if unknown.
  long get(RunKey key) {
    return table[slot(key) + 3] >> 1;
  }

  /// Moves the last sequence of a run to that of an event, if the run is here and the event changes
  /// nothing else of it.
  ///
  /// @param unlessRetrying whether the event changes more while an activity is being retried
  /// @return whether it was moved
  boolean move(RunKey key, long sequence, boolean unlessRetrying) {
    int slot = slot(key);
    long last = table[slot + 3];
    if (last >> 1 == 0 || (unlessRetrying && (last & 1) == 1)) {
      return false;
    }
    table[slot + 3] = (sequence << 1) | (last & 1);
    return true;
  }

  /// Sets the last sequence of a run.
  ///
  /// @return whether the run was not here
  boolean put(RunKey key, long sequence, boolean retrying) {
    int slot = slot(key);
    boolean isNew = table[slot + 3] >> 1 == 0;
    if (table[slot + 3] == 0) {
      table[slot] = key.namespace();
      table[slot + 1] = key.run();
      table[slot + 2] = key.execution();
      usedSlots++;
    }
    table[slot + 3] = (sequence << 1) | (retrying ? 1 : 0);
    if (isNew) {
      runs++;
    }
    if (2 * usedSlots >= table.length / 4) {
      grow();
    }
    return isNew;
  }

  /// Changes whether an activity of the run is being retried, if the run is here.
  void setRetrying(RunKey key, boolean retrying) {
    int slot = slot(key);
    if (table[slot + 3] >> 1 > 0) {
      table[slot + 3] = (table[slot + 3] & ~1L) | (retrying ? 1 : 0);
    }
  }

  /// Forgets a run.
  ///
  /// @return whether it was here
  boolean remove(RunKey key) {
    int slot = slot(key);
    boolean isHere = table[slot + 3] >> 1 > 0;
    if (isHere) {
      table[slot + 3] = 1;
      runs--;
    }
    return isHere;
  }

  boolean isEmpty() {
    return runs == 0;
  }

  /// A copy, in no particular order.
  List<Last> toList() {
    List<Last> all = new ArrayList<>(runs);
    for (int slot = 0; slot < table.length; slot += 4) {
      if (table[slot + 3] >> 1 > 0) {
        RunKey key = new RunKey(table[slot], table[slot + 1], table[slot + 2]);
        all.add(new Last(key, table[slot + 3] >> 1));
      }
    }
    return all;
  }

  private int slot(RunKey key) {
    return slot(table, key.namespace(), key.run(), key.execution());
  }

  private static int slot(long[] table, long namespace, long run, long execution) {
    int mask = table.length - 1; // a power of two
    int slot = (RunKey.hashCode(namespace, run, execution) << 2) & mask;
    while (table[slot + 3] != 0
        && (table[slot + 1] != run || table[slot + 2] != execution || table[slot] != namespace)) {
      slot = (slot + 4) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] more = new long[2 * table.length];
    for (int from = 0; from < table.length; from += 4) {
      if (table[from + 3] >> 1 > 0) {
        int to = slot(more, table[from], table[from + 1], table[from + 2]);
        System.arraycopy(table, from, more, to, 4);
      }
    }
    table = more;
    usedSlots = runs;
  }
}
