package io.galerne.server.log.jetstream;

import static java.util.Objects.requireNonNull;

import io.galerne.server.log.IdHash;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// What the index knows of a run of 4,096 sequences: which events begin in it, of how many messages
/// those under each key are, and where they begin as long as there are few. It never changes. Format
/// version 2, all numbers big-endian; a place is a sequence behind the segment's first:
///
/// | part | is |
/// |---|---|
/// | version | u8: 2 |
/// | time | u64: when its last message was appended, in milliseconds since 1970 |
/// | keys | u32: how many; then for each, ascending, u64 [io.galerne.server.log.IndexKeys], u16 count - 1, and u8 places |
/// | places | u16 each, ascending, of the first key, then of the second, and so on |
/// | events | u16: how many; then for each, ascending, u16 its place and [IdHash] |
final class Segment implements Tally {
  /// How many sequences a segment has: few enough that its ids fit into one message of a NATS server
  /// as it comes, many enough that the index is much smaller than the log.
  static final int SEQUENCES = 1 << 12;

  private static final byte VERSION = 2;
  private static final int KEY_BYTES = Long.BYTES + Short.BYTES + Byte.BYTES;
  private static final int EVENT_BYTES = Short.BYTES + IdHash.BYTES;

  private final long number;
  private final long millis;
  private final long[] keys;
  private final short[] counts;

  /// Where in `places` those of each key begin; one more than there are keys. An event has few keys,
  /// so they are never more than a `char` counts.
  private final char[] starts;

  private final short[] places;

  private Segment(
      long number, long millis, long[] keys, short[] counts, char[] starts, short[] places) {
    this.number = number;
    this.millis = millis;
    this.keys = keys;
    this.counts = counts;
    this.starts = starts;
    this.places = places;
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

  @Override
  public long number() {
    return number;
  }

  /// When its last message was appended.
  long millis() {
    return millis;
  }

  @Override
  public int count(long key) {
    int at = Arrays.binarySearch(keys, key);
    return at < 0 ? 0 : Short.toUnsignedInt(counts[at]) + 1;
  }

  @Override
  public LongStream sequences(long key) {
    int at = Arrays.binarySearch(keys, key);
    return at < 0 ? LongStream.empty() : sequences(number, places, starts[at], starts[at + 1]);
  }

  private static LongStream sequences(long number, short[] places, int from, int to) {
    return IntStream.range(from, to).mapToLong(i -> first(number) + Short.toUnsignedInt(places[i]));
  }

  /// Takes the events of a segment that is read.
  @FunctionalInterface
  interface Events {
    void take(IdHash id, long sequence);
  }

  /// Reads a segment.
  ///
  /// @param events is told of each event
  /// @throws IllegalArgumentException where this is none, or one of another version
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
      short[] counts = new short[size];
      char[] starts = new char[size + 1];
      for (int i = 0; i < size; i++) {
        keys[i] = in.getLong();
        counts[i] = in.getShort();
        starts[i + 1] = (char) (starts[i] + Byte.toUnsignedInt(in.get()));
      }
      short[] places = new short[starts[size]];
      for (int i = 0; i < places.length; i++) {
        places[i] = in.getShort();
      }
      for (int left = Short.toUnsignedInt(in.getShort()); left > 0; left--) {
        long sequence = first(number) + Short.toUnsignedInt(in.getShort());
        events.take(new IdHash(in.getLong(), in.getLong()), sequence);
      }
      return new Segment(number, millis, keys, counts, starts, places);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("A segment ends in the middle", e);
    }
  }

  /// A segment that is not complete yet. Not safe for use by several threads.
  static final class Builder implements Tally {
    private final long number;
    private final Map<Long, Counted> counts = new HashMap<>();
    private final ByteBuffer events = ByteBuffer.allocate(SEQUENCES * EVENT_BYTES);
    private long millis;

    /// What is known of a key.
    private static final class Counted {
      private static final short[] TOO_MANY = {};
      private int messages;
      private int events;
      private short[] places = new short[1];

      private void add(short place) {
        if (++messages > FEW) {
          events = 0;
          places = TOO_MANY;
        } else if (events == 0 || places[events - 1] != place) {
          if (events == places.length) {
            places = Arrays.copyOf(places, 2 * events);
          }
          places[events++] = place;
        }
      }
    }

    Builder(long number) {
      this.number = number;
    }

    @Override
    public long number() {
      return number;
    }

    long millis() {
      return millis;
    }

    /// Counts a message.
    ///
    /// @param sequence where its event begins; never before that of an earlier message
    void add(long[] keys, long sequence, long appendedMillis) {
      for (long key : keys) {
        counts.computeIfAbsent(key, _ -> new Counted()).add(place(sequence));
      }
      millis = appendedMillis;
    }

    /// Notes the event that begins at a sequence.
    void add(IdHash id, long sequence) {
      events.putShort(place(sequence)).putLong(id.high()).putLong(id.low());
    }

    private short place(long sequence) {
      return (short) (sequence - first(number));
    }

    @Override
    public int count(long key) {
      Counted counted = counts.get(key);
      return counted == null ? 0 : counted.messages;
    }

    @Override
    public LongStream sequences(long key) {
      Counted counted = counts.get(key);
      return counted == null
          ? LongStream.empty()
          : Segment.sequences(number, counted.places, 0, counted.events);
    }

    Segment build() {
      long[] keys = counts.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
      short[] each = new short[keys.length];
      char[] starts = new char[keys.length + 1];
      short[] places = new short[counts.values().stream().mapToInt(key -> key.events).sum()];
      for (int i = 0; i < keys.length; i++) {
        Counted counted = requireNonNull(counts.get(keys[i]));
        each[i] = (short) (counted.messages - 1);
        System.arraycopy(counted.places, 0, places, starts[i], counted.events);
        starts[i + 1] = (char) (starts[i] + counted.events);
      }
      return new Segment(number, millis, keys, each, starts, places);
    }

    /// The complete segment's bytes.
    byte[] write(Segment segment) {
      int size = 1 + Long.BYTES + Integer.BYTES + segment.keys.length * KEY_BYTES;
      size += segment.places.length * Short.BYTES + Short.BYTES + events.position();
      ByteBuffer out = ByteBuffer.allocate(size);
      out.put(VERSION).putLong(millis).putInt(segment.keys.length);
      for (int i = 0; i < segment.keys.length; i++) {
        out.putLong(segment.keys[i]).putShort(segment.counts[i]);
        out.put((byte) (segment.starts[i + 1] - segment.starts[i]));
      }
      for (short place : segment.places) {
        out.putShort(place);
      }
      out.putShort((short) (events.position() / EVENT_BYTES));
      return out.put(events.array(), 0, events.position()).array();
    }
  }
}
