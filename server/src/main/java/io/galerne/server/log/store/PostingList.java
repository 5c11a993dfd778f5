package io.galerne.server.log.store;

import io.galerne.server.log.Varints;
import java.util.Arrays;

/// The stored format of a posting list, the ascending sequences of an index key: for each sequence,
/// the varint of its distance to the last one, which is in the database key.
final class PostingList {
  /// Maximum number of sequences per index entry: a read decodes the whole entry.
  static final int MOST = 1024;

  private PostingList() {}

  /// Encodes `count` sequences: `base` plus each of the offsets from index `from` on.
  static byte[] write(int[] offsets, int from, int count, long base) {
    long last = base + offsets[from + count - 1];
    byte[] bytes = new byte[count * Varints.MAX_BYTES];
    int at = 0;
    for (int i = from; i < from + count; i++) {
      at = Varints.write(bytes, at, last - (base + offsets[i]));
    }
    return Arrays.copyOf(bytes, at);
  }

  /// Decodes the sequences of a list, in ascending order.
  static long[] read(byte[] list, long last) {
    long[] sequences = new long[list.length]; // at least one byte each
    int count = 0;
    Varints in = new Varints(list, 0);
    while (in.position() < list.length) {
      sequences[count++] = last - in.nextLong();
    }
    return Arrays.copyOf(sequences, count);
  }
}
