package io.galerne.server.log.jetstream;

import io.galerne.server.log.IdHash;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// What the index knows of a run of 4,096 sequences: which events begin in it, and of how many messages
/// those under each key are. It never changes. Format version 1, all numbers big-endian:
///
/// | part | is |
/// |---|---|
/// | version | u8: 1 |
/// | time | u64: when its last message was appended, in milliseconds since 1970 |
/// | keys | u32: how many; then for each, ascending, u64 [io.galerne.server.log.IndexKeys] and u16 count - 1 |
/// | events | u16: how many; then for each, ascending, u16 its sequence behind the segment's first, and [IdHash] |
final class Segment {
  /// How many sequences a segment has: few enough that its ids fit into one message of a NATS server
  /// as it comes, many enough that the index is much smaller than the log.
  static final int SEQUENCES = 1 << 12;

  private static final byte VERSION = 1;
  private static final int KEY_BYTES = Long.BYTES + Short.BYTES;
  private static final int EVENT_BYTES = Short.BYTES + IdHash.BYTES;

  private final long number;
  private final long millis;
  private final long[] keys;
  private final short[] counts;

  private Segment(long number, long millis, long[] keys, short[] counts) {
    this.number = number;
    this.millis = millis;
    this.keys = keys;
    this.counts = counts;
  }

  /// The segment that a sequence is in.
  static long of(long sequence) {
    return (sequence - 1) / SEQUENCES;
  }

  /// The first sequence of a segment.
  static long first(long number) {
    return number * SEQUENCES + 1;
  }

  /// Its last sequence.
  static long last(long number) {
    return (number + 1) * SEQUENCES;
  }

  long number() {
    return number;
  }

  /// When its last message was appended.
  long millis() {
    return millis;
  }

  /// How many messages there are under this key.
  int count(long key) {
    int at = Arrays.binarySearch(keys, key);
    return at < 0 ? 0 : Short.toUnsignedInt(counts[at]) + 1;
  }

  /// Takes the events of a segment that is read.
  @FunctionalInterface
  interface Events {
    void take(IdHash id, long sequence);
  }

  /// Reads a segment.
  ///
  /// @param events is told of each event
  /// @throws IllegalArgumentException where this is none, or one of a later version
  static Segment read(long number, byte[] data, Events events) {
    if (data.length == 0 || data[0] != VERSION) {
      throw new IllegalArgumentException("Not a segment of format version " + VERSION);
    }
    try {
      ByteBuffer in = ByteBuffer.wrap(data, 1, data.length - 1);
      long millis = in.getLong();
      int size = in.getInt();
      if (size > in.remaining() / KEY_BYTES) {
        throw new IllegalArgumentException("A segment tells of " + size + " keys and ends before");
      }
      long[] keys = new long[size];
      short[] counts = new short[keys.length];
      for (int i = 0; i < keys.length; i++) {
        keys[i] = in.getLong();
        counts[i] = in.getShort();
      }
      for (int left = Short.toUnsignedInt(in.getShort()); left > 0; left--) {
        long sequence = first(number) + Short.toUnsignedInt(in.getShort());
        events.take(new IdHash(in.getLong(), in.getLong()), sequence);
      }
      return new Segment(number, millis, keys, counts);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("A segment ends in the middle", e);
    }
  }

  /// A segment that is not complete yet. Not safe for use by several threads.
  static final class Builder {
    private final long number;
    private final Map<Long, Integer> counts = new HashMap<>();
    private final ByteBuffer events = ByteBuffer.allocate(SEQUENCES * EVENT_BYTES);
    private long millis;

    Builder(long number) {
      this.number = number;
    }

    long number() {
      return number;
    }

    long millis() {
      return millis;
    }

    /// Counts a message.
    void add(long[] keys, long appendedMillis) {
      for (long key : keys) {
        counts.merge(key, 1, Integer::sum);
      }
      millis = appendedMillis;
    }

    /// Notes the event that begins at a sequence.
    void add(IdHash id, long sequence) {
      events.putShort((short) (sequence - first(number))).putLong(id.high()).putLong(id.low());
    }

    int count(long key) {
      return counts.getOrDefault(key, 0);
    }

    Segment build() {
      long[] keys = counts.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
      short[] each = new short[keys.length];
      for (int i = 0; i < keys.length; i++) {
        each[i] = (short) (count(keys[i]) - 1);
      }
      return new Segment(number, millis, keys, each);
    }

    /// The complete segment's bytes.
    byte[] write(Segment segment) {
      int size = 1 + Long.BYTES + Integer.BYTES + Short.BYTES;
      size += segment.keys.length * KEY_BYTES + events.position();
      ByteBuffer out = ByteBuffer.allocate(size);
      out.put(VERSION).putLong(millis).putInt(segment.keys.length);
      for (int i = 0; i < segment.keys.length; i++) {
        out.putLong(segment.keys[i]).putShort(segment.counts[i]);
      }
      out.putShort((short) (events.position() / EVENT_BYTES));
      return out.put(events.array(), 0, events.position()).array();
    }
  }
}
