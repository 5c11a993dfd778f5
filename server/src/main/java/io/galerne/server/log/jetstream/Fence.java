package io.galerne.server.log.jetstream;

import io.galerne.server.log.Varints;
import java.util.Arrays;

/// A message that ends a batch whose writer died in the middle of it. Its sequence is the one that
/// the batch would have needed next, so the batch can never become whole. Whoever appends behind a
/// fence first deletes what is left of the batch, so events are never found in it. Format version 1: a
/// byte 1, then both numbers as LEB128 varints.
///
/// Readers go by what they have seen before the fence, not by its numbers: in a log that was put back from
/// a backup, sequences are others.
///
/// @param from the first sequence of the broken batch
/// @param to its last, inclusive; before `from` where nothing is left of it
record Fence(long from, long to) {
  private static final byte VERSION = 1;

  /// @throws IllegalArgumentException where this is none, or one of a later version
  static Fence read(byte[] data) {
    if (data.length == 0 || data[0] != VERSION) {
      throw new IllegalArgumentException("Not a fence of format version " + VERSION);
    }
    try {
      Varints in = new Varints(data, 1);
      return new Fence(in.nextLong(), in.nextLong());
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("A fence ends before its numbers do", e);
    }
  }

  byte[] write() {
    byte[] data = new byte[1 + 2 * Varints.MAX_BYTES];
    data[0] = VERSION;
    int at = Varints.write(data, 1, from);
    return Arrays.copyOf(data, Varints.write(data, at, to));
  }
}
