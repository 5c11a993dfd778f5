package io.galerne.client.internal.stream;

/// The sequences that were handed out lately, so that a repeat can be told from an event that came
/// out of its order. For one thread.
final class SeenSequences {
  /// What a sequence that is not behind the last is.
  enum Known {
    /// It was handed out.
    REPEATED,
    /// It is too long ago to know; or before where the stream began.
    OLD,
    /// It should have come before, and did not.
    MISSED
  }

  /// Servers repeat what they sent just before the connection ended, if at all.
  static final int CAPACITY = 1024;

  private final long[] ring = new long[CAPACITY];
  private long count;

  /// What lies at it or before it is not remembered.
  private long floor;

  SeenSequences(long floor) {
    this.floor = floor;
  }

  /// @param sequence greater than all before
  void add(long sequence) {
    int slot = (int) (count % CAPACITY);
    if (count >= CAPACITY) {
      floor = ring[slot];
    }
    ring[slot] = sequence;
    count++;
  }

  /// Nothing up to this sequence is expected any more.
  void forgetUpTo(long sequence) {
    floor = Math.max(floor, sequence);
  }

  /// @param sequence not greater than the last
  Known lookUp(long sequence) {
    long low = Math.max(0, count - CAPACITY);
    long high = count - 1;
    while (low <= high) {
      long middle = (low + high) >>> 1;
      long found = ring[(int) (middle % CAPACITY)];
      if (found == sequence) {
        return Known.REPEATED;
      } else if (found < sequence) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return sequence <= floor ? Known.OLD : Known.MISSED;
  }
}
