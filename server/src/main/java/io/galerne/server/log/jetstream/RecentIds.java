package io.galerne.server.log.jetstream;

import io.galerne.server.log.IdHash;
import java.time.Duration;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which events were stored lately, by id, in memory: in slices of time, of which the oldest goes as
/// a whole. Safe for use by several threads.
final class RecentIds {
  private static final Logger log = LoggerFactory.getLogger(RecentIds.class);

  static final long UNKNOWN = 0;

  /// How many slices the window is cut into: one more is kept, so that it is never too short. A burst
  /// makes slices that are shorter, none with more than its share of the ids.
  private static final int SLICES = 4;

  /// What one id takes at the most, in bytes: three numbers, in a table that is a third full.
  private static final int ID_BYTES = 3 * 3 * Long.BYTES;

  /// Ids may take this share of the heap; beyond it, the window gets shorter rather than the server
  /// run out of memory.
  private static final int SHARE_OF_HEAP = 4;

  private final long sliceMillis;
  private final long mostIds;
  private final ArrayDeque<Slice> slices = new ArrayDeque<>();
  private long size;
  private boolean warned;

  RecentIds(Duration window) {
    this(window, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / ID_BYTES);
  }

  /// @param mostIds how many there may be
  RecentIds(Duration window, long mostIds) {
    this.sliceMillis = Math.max(1, (window.toMillis() + SLICES - 1) / SLICES);
    this.mostIds = mostIds;
  }

  /// Notes an event. Times never go back.
  synchronized void add(IdHash id, long sequence, long millis) {
    long slice = millis / sliceMillis;
    boolean full = !slices.isEmpty() && slices.getLast().size >= mostIds / SLICES;
    if (slices.isEmpty() || slices.getLast().number < slice || full) {
      slices.addLast(new Slice(slice));
      while (slices.getFirst().number < slice - SLICES) {
        dropOldest();
      }
    }
    if (size >= mostIds && slices.size() > 1) {
      dropOldest();
      if (!warned) {
        warned = true;
        log.warn(
            "More than {} ids fall into --repeat-window: older ones are forgotten sooner. Give the"
                + " server more memory (GALERNE_JAVA_OPTS=-Xmx…), or choose a shorter window",
            mostIds);
      }
    }
    if (slices.getLast().put(id, sequence)) {
      size++;
    }
  }

  private void dropOldest() {
    size -= slices.removeFirst().size;
  }

  /// The sequence of the event with this id; [#UNKNOWN] where none was stored lately.
  synchronized long find(IdHash id) {
    for (Slice slice : slices) {
      long sequence = slice.find(id);
      if (sequence != UNKNOWN) {
        return sequence;
      }
    }
    return UNKNOWN;
  }

  /// The ids of a span of time: a hash table with open addressing, three numbers an entry.
  private static final class Slice {
    private static final int ENTRY = 3;

    private final long number;
    private long[] table = new long[ENTRY << 10];
    private int size;

    private Slice(long number) {
      this.number = number;
    }

    private boolean put(IdHash id, long sequence) {
      if (size >= table.length / ENTRY / 3 * 2) {
        grow();
      }
      int at = place(table, id);
      if (table[at + 2] != UNKNOWN) {
        return false; // the first stays
      }
      table[at] = id.high();
      table[at + 1] = id.low();
      table[at + 2] = sequence;
      size++;
      return true;
    }

    private long find(IdHash id) {
      return table[place(table, id) + 2];
    }

    /// Where the id stands in the table, or the free entry where it would.
    private static int place(long[] table, IdHash id) {
      int entries = table.length / ENTRY;
      int entry = (int) Math.floorMod(id.high(), (long) entries);
      while (true) {
        int at = entry * ENTRY;
        if (table[at + 2] == UNKNOWN || (table[at] == id.high() && table[at + 1] == id.low())) {
          return at;
        }
        entry = entry + 1 == entries ? 0 : entry + 1;
      }
    }

    private void grow() {
      long[] larger = new long[table.length * 2];
      for (int at = 0; at < table.length; at += ENTRY) {
        if (table[at + 2] != UNKNOWN) {
          int to = place(larger, new IdHash(table[at], table[at + 1]));
          System.arraycopy(table, at, larger, to, ENTRY);
        }
      }
      table = larger;
    }
  }
}
