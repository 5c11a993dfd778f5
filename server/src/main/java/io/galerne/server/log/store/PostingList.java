package io.galerne.server.log.store;

import io.galerne.server.log.Varints;
import java.util.Arrays;

/// Sequences in ascending order that share an index key, as the index stores them: for each, a
/// varint of its distance to the last one, which stands in the key.
final class PostingList {
  /// How many sequences one entry of the index has at most: a read decodes the whole entry.
  static final int MOST = 1024;

  private PostingList() {}

  /// Writes `count` offsets from `from`, to which `base` is added.
  static byte[] write(int[] offsets, int from, int count, long base) {
    long last = base + offsets[from + count - 1];
    byte[] bytes = new byte[count * Varints.MAX_BYTES];
    int at = 0;
    for (int i = from; i < from + count; i++) {
      at = Varints.write(bytes, at, last - (base + offsets[i]));
    }
    return Arrays.copyOf(bytes, at);
  }

  /// The sequences of a list, in ascending order.
  static long[] read(byte[] list, long last) {
    long[] sequences = new long[list.length]; // each takes a byte or more
    int count = 0;
    Varints in = new Varints(list, 0);
    while (in.position() < list.length) {
      sequences[count++] = last - in.nextLong();
    }
    return Arrays.copyOf(sequences, count);
  }
}
