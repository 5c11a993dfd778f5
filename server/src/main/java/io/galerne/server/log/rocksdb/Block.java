package io.galerne.server.log.rocksdb;

import io.galerne.server.log.EventRecord;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Some events of one commit, side by side: what the store reads and compresses as one.
///
/// | part | is |
/// |---|---|
/// | version | 1 byte: 1 |
/// | first sequence | u64; the others follow without a gap |
/// | commit time | u64: milliseconds since 1970; never before that of an earlier block |
/// | count | u32 |
/// | events | for each: u32 length, then an [EventRecord] |
final class Block {
  /// Larger blocks make a replay of scattered events read more than it needs, smaller ones compress
  /// less; the store's own unit of reading is as large.
  static final int TARGET_BYTES = 32 * 1024;

  private static final byte VERSION = 1;
  private static final int HEADER_BYTES = 1 + Long.BYTES + Long.BYTES + Integer.BYTES;

  private final byte[] bytes;
  private final ByteBuffer buffer;
  private final long first;
  private final long last;

  /// The event that [#find] looked at last, and where the one behind it begins.
  private long at;

  private int offset;

  /// @throws IllegalArgumentException where these bytes are no block of this version
  Block(byte[] bytes) {
    this.bytes = bytes;
    this.buffer = ByteBuffer.wrap(bytes);
    if (bytes.length < HEADER_BYTES || bytes[0] != VERSION) {
      throw new IllegalArgumentException("A block of events has no known version");
    }
    this.first = buffer.getLong(1);
    this.last = first + buffer.getInt(1 + 2 * Long.BYTES) - 1;
    rewind();
  }

  long first() {
    return first;
  }

  long last() {
    return last;
  }

  long commitMillis() {
    return buffer.getLong(1 + Long.BYTES);
  }

  private void rewind() {
    at = first - 1;
    offset = HEADER_BYTES;
  }

  /// The event with that sequence; null where it is not in this block. Cheapest when asked for in
  /// ascending order.
  @Nullable EventRecord find(long sequence) {
    if (sequence < first || sequence > last) {
      return null;
    }
    if (sequence <= at) {
      rewind();
    }
    int length = 0;
    for (; at < sequence; at++) {
      offset += length;
      length = buffer.getInt(offset);
      offset += Integer.BYTES;
    }
    EventRecord event = new EventRecord(bytes, offset, length);
    offset += length;
    return event;
  }

  /// All its events, in the order of their sequences.
  EventRecord[] events() {
    EventRecord[] events = new EventRecord[(int) (last - first + 1)];
    int position = HEADER_BYTES;
    for (int i = 0; i < events.length; i++) {
      int length = buffer.getInt(position);
      events[i] = new EventRecord(bytes, position + Integer.BYTES, length);
      position += Integer.BYTES + length;
    }
    return events;
  }

  /// How many bytes the events from position `from` up to `to` (exclusive) take as a block.
  static int size(EventRecord[] events, int from, int to) {
    int size = HEADER_BYTES;
    for (int i = from; i < to; i++) {
      size += Integer.BYTES + events[i].length();
    }
    return size;
  }

  /// Writes the events from position `from` up to `to` (exclusive) as a block.
  static void write(
      ByteBuffer out, EventRecord[] events, int from, int to, long firstSequence, long millis) {
    out.put(VERSION).putLong(firstSequence).putLong(millis).putInt(to - from);
    for (int i = from; i < to; i++) {
      out.putInt(events[i].length());
      out.put(events[i].bytes(), events[i].start(), events[i].length());
    }
  }
}
