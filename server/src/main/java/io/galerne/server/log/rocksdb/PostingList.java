package io.galerne.server.log.rocksdb;

import io.galerne.server.log.Varints;
import java.util.Arrays;

/// The sequences of one commit that share an index key. Written while a commit is put together;
/// its bytes are, for each sequence in ascending order, a varint of how far it is from the last.
final class PostingList {
  private long[] sequences = new long[4];
  private int count;

  void add(long sequence) {
    if (count > 0 && sequences[count - 1] == sequence) {
      return; // an event may have one key twice, when two of its values collide
    }
    if (count == sequences.length) {
      sequences = Arrays.copyOf(sequences, count * 2);
    }
    sequences[count++] = sequence;
  }

  long last() {
    return sequences[count - 1];
  }

  byte[] write() {
    byte[] bytes = new byte[count * Varints.MAX_BYTES];
    int at = 0;
    for (int i = 0; i < count; i++) {
      at = Varints.write(bytes, at, last() - sequences[i]);
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
