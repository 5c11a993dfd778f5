package io.galerne.server.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Events with contiguous sequences, encoded as they are stored, sent and cached. A group commit is
/// one or more consecutive blocks. Immutable.
///
/// Format 2, numbers big-endian:
///
/// | part | value |
/// |---|---|
/// | version | u8: 2 |
/// | length | u32: bytes of the whole block |
/// | first sequence | u64 |
/// | commit time | u64: milliseconds since 1970; never less than that of an earlier block |
/// | log bytes | u64: bytes of all blocks of the log before this one |
/// | count | u32: events in the block |
/// | events | for each: u32 length, then an [EventRecord] |
public final class Block {
  /// Larger blocks make a replay of scattered events read more than it needs; smaller ones compress
  /// less. A block is much larger only if one event is.
  public static final int TARGET_BYTES = 32 * 1024;

  private static final byte VERSION = 2;
  private static final int LENGTH = 1;
  private static final int FIRST = LENGTH + Integer.BYTES;
  private static final int COMMIT_MILLIS = FIRST + Long.BYTES;
  private static final int LOG_BYTES = COMMIT_MILLIS + Long.BYTES;
  private static final int COUNT = LOG_BYTES + Long.BYTES;
  private static final int HEADER_BYTES = COUNT + Integer.BYTES;

  private final byte[] bytes;
  private final int start;
  private final int length;
  private final ByteBuffer buffer;

  /// Reads the block at offset `start`. The array is not copied: do not modify it afterwards.
  ///
  /// @throws IllegalArgumentException if these bytes are not a block of this version
  public Block(byte[] bytes, int start) {
    if (start < 0 || bytes.length - start < HEADER_BYTES || bytes[start] != VERSION) {
      throw new IllegalArgumentException("Not a block of events of format " + VERSION);
    }
    this.bytes = bytes;
    this.start = start;
    this.buffer = ByteBuffer.wrap(bytes);
    this.length = buffer.getInt(start + LENGTH);
    if (length < HEADER_BYTES || length > bytes.length - start || first() < 1 || count() < 1) {
      throw new IllegalArgumentException("The header of a block of events is damaged");
    }
  }

  /// Splits the events of a group commit into blocks.
  ///
  /// @param first the sequence of the first event
  /// @param logBytes bytes of all earlier blocks of the log
  public static List<Block> cut(EventRecord[] events, long first, long millis, long logBytes) {
    List<Block> blocks = new ArrayList<>();
    long before = logBytes;
    int from = 0;
    int size = HEADER_BYTES;
    for (int i = 0; i < events.length; i++) {
      size += Integer.BYTES + events[i].length();
      if (size >= TARGET_BYTES || i == events.length - 1) {
        blocks.add(new Block(write(events, from, i + 1, size, first + from, millis, before), 0));
        before += size;
        from = i + 1;
        size = HEADER_BYTES;
      }
    }
    return blocks;
  }

  private static byte[] write(
      EventRecord[] events, int from, int to, int size, long first, long millis, long logBytes) {
    ByteBuffer out = ByteBuffer.allocate(size);
    out.put(VERSION).putInt(size).putLong(first).putLong(millis).putLong(logBytes);
    out.putInt(to - from);
    for (int i = from; i < to; i++) {
      out.putInt(events[i].length());
      out.put(events[i].bytes(), events[i].start(), events[i].length());
    }
    return out.array();
  }

  /// Reads adjacent blocks.
  ///
  /// @param to end of the last block, exclusive
  /// @throws IllegalArgumentException if the bytes are not whole blocks
  public static List<Block> readAll(byte[] bytes, int from, int to) {
    List<Block> blocks = new ArrayList<>();
    int at = from;
    while (at < to) {
      Block block = new Block(bytes, at);
      at += block.length();
      blocks.add(block);
    }
    if (at != to) {
      throw new IllegalArgumentException("A block of events is cut off");
    }
    return blocks;
  }

  /// The sequence of its first event.
  public long first() {
    return buffer.getLong(start + FIRST);
  }

  /// The sequence of its last event.
  public long last() {
    return first() + count() - 1;
  }

  /// The number of events, at least one.
  public int count() {
    return buffer.getInt(start + COUNT);
  }

  /// The commit time, in milliseconds since 1970.
  public long commitMillis() {
    return buffer.getLong(start + COMMIT_MILLIS);
  }

  /// Bytes of all earlier blocks of the log, including expired ones.
  public long logBytes() {
    return buffer.getLong(start + LOG_BYTES);
  }

  /// The array that contains it. Do not modify.
  public byte[] bytes() {
    return bytes;
  }

  /// Its offset in [#bytes()].
  public int start() {
    return start;
  }

  /// Its length in bytes.
  public int length() {
    return length;
  }

  /// All its events, by ascending sequence.
  ///
  /// @throws IllegalArgumentException if the block is damaged
  public EventRecord[] events() {
    Cursor cursor = new Cursor();
    EventRecord[] events = new EventRecord[count()];
    for (int i = 0; i < events.length; i++) {
      events[i] = cursor.next();
    }
    return events;
  }

  /// A cursor at the first event. Not safe for use by several threads.
  public Cursor cursor() {
    return new Cursor();
  }

  /// A forward-only cursor over the events of a block.
  public final class Cursor {
    private long next = first();
    private int offset = start + HEADER_BYTES;

    private Cursor() {}

    /// Moves forward to the event with this sequence and reads it.
    ///
    /// @return null if the event is not in this block or the cursor is past it
    public @Nullable EventRecord find(long sequence) {
      if (sequence < next || sequence > last()) {
        return null;
      }
      while (next < sequence) {
        offset += Integer.BYTES + lengthHere();
        next++;
      }
      return next();
    }

    private EventRecord next() {
      int size = lengthHere();
      EventRecord event = new EventRecord(bytes, offset + Integer.BYTES, size);
      offset += Integer.BYTES + size;
      next++;
      return event;
    }

    private int lengthHere() {
      int left = start + length - offset - Integer.BYTES;
      int size = left < 0 ? -1 : buffer.getInt(offset);
      if (size < 0 || size > left) {
        throw new IllegalArgumentException("A block of events is damaged at event " + next);
      }
      return size;
    }
  }
}
