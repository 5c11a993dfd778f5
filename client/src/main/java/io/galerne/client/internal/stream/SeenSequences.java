package io.galerne.client.internal.stream;

/// The recently delivered sequences, to distinguish a repeated event from one out of order. For one
/// thread.
final class SeenSequences {
  /// What is known of a sequence up to the last.
  enum Known {
    /// It was delivered.
    REPEATED,
    /// It is too old to remember, or before the start of the stream.
    OLD,
    /// It should have arrived before, and did not.
    MISSED
  }

  /// Servers repeat what they sent just before the connection ended, if at all.
  static final int CAPACITY = 1024;

  private final long[] ring = new long[CAPACITY];
  private long count;

  /// Sequences up to this one are not remembered.
  private long floor;

  SeenSequences(long floor) {
    this.floor = floor;
  }

  /// @param sequence greater than all added before
  void add(long sequence) {
    int slot = (int) (count % CAPACITY);
    if (count >= CAPACITY) {
      floor = ring[slot];
    }
    ring[slot] = sequence;
    count++;
  }

  /// Forgets all sequences up to this one; none of them is expected any more.
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
