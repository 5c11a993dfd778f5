package io.galerne.server.log;

import io.galerne.protocol.EventTimestamp;
import io.galerne.protocol.EventType;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One validated event without its sequence, which the log assigns: the stream event as every
/// reader gets it, and the offsets in it of the values that filters and indexes use. Immutable.
///
/// Its bytes are the same in memory and on disk. Version 1, all numbers as LEB128 varints:
///
/// | part | value |
/// |---|---|
/// | type | 1 byte, [EventType#id()] |
/// | fields | for each of the 12 stored [Field]s: length + 1 (0 if absent), then, if it is not 0, the offset in the text |
/// | body length | bytes of the text that are the stream event |
/// | text | the stream event's JSON up to and including `"broker_sequence":`, then the unescaped form of each value that is escaped in it |
public final class EventRecord {
  /// Maximum size of a stream event in bytes. Its frame still fits into a chunk, whose size has six
  /// hexadecimal digits, and into a line of 16 MiB, the longest that the Java client reads.
  public static final int MOST_BODY_BYTES = (16 << 20) - 1024;

  private static final int TIMESTAMP_LENGTH = "0000-00-00T00:00:00.000000000Z".length();

  /// Between the timestamp and the event.
  private static final int AFTER_TIMESTAMP = "\",\"data\":".length();

  private final byte[] bytes;
  private final int start;
  private final int length;
  private final EventType type;
  private final int textStart;
  private final int bodyLength;

  /// Offset in `bytes` and length of each field; length -1 if absent.
  private final int[] spans = new int[Field.STORED * 2];

  private volatile long @Nullable [] keys;

  /// Reads the record of `length` bytes at offset `start`. The array is not copied and must not be
  /// modified afterwards.
  ///
  /// @throws IllegalArgumentException if these bytes are not a record
  public EventRecord(byte[] bytes, int start, int length) {
    this.bytes = bytes;
    this.start = start;
    this.length = length;
    try {
      this.type = EventType.ofId(bytes[start]);
      Varints in = new Varints(bytes, start + 1);
      for (int i = 0; i < spans.length; i += 2) {
        int valueLength = in.next() - 1;
        spans[i + 1] = valueLength;
        spans[i] = valueLength < 0 ? 0 : in.next();
      }
      this.bodyLength = in.next();
      this.textStart = in.position();
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException("An event record ends in the middle of its table", e);
    }
    int textLength = start + length - textStart;
    boolean sound = bodyLength >= 0 && bodyLength <= textLength;
    for (int i = 0; i < spans.length; i += 2) {
      sound &= spans[i] >= 0 && (long) spans[i] + spans[i + 1] <= textLength;
      spans[i] += textStart;
    }
    if (!sound) {
      throw new IllegalArgumentException("An event record points outside of itself");
    }
  }

  public EventType type() {
    return type;
  }

  public boolean has(Field field) {
    return length(field) >= 0;
  }

  /// The field's value as it was published, without quotes and escapes; null if absent.
  public @Nullable String text(Field field) {
    return has(field)
        ? new String(bytes, offset(field), length(field), StandardCharsets.UTF_8)
        : null;
  }

  /// Whether the field's value is exactly these UTF-8 bytes.
  public boolean is(Field field, byte[] value) {
    int from = offset(field);
    return length(field) == value.length
        && Arrays.equals(bytes, from, from + value.length, value, 0, value.length);
  }

  /// Whether both fields have the same value; false if either is absent.
  boolean same(Field one, Field other) {
    return has(one)
        && length(one) == length(other)
        && Arrays.equals(
            bytes,
            offset(one),
            offset(one) + length(one),
            bytes,
            offset(other),
            offset(other) + length(other));
  }

  /// Whether both events have the same value of the field; false if either lacks it.
  public boolean same(Field field, EventRecord other) {
    return has(field)
        && length(field) == other.length(field)
        && Arrays.equals(
            bytes,
            offset(field),
            offset(field) + length(field),
            other.bytes,
            other.offset(field),
            other.offset(field) + length(field));
  }

  /// The array that contains this record; [#offset] and [#length(Field)] locate a value in it
  /// without a copy. Do not modify.
  public byte[] bytes() {
    return bytes;
  }

  /// The offset of the field's value in [#bytes()].
  public int offset(Field field) {
    return spans[field.id() * 2];
  }

  /// The length of the field's value in bytes; -1 if absent.
  public int length(Field field) {
    return spans[field.id() * 2 + 1];
  }

  /// The offset in [#bytes()] of the stream event's JSON, which ends with `"broker_sequence":`.
  public int bodyOffset() {
    return textStart;
  }

  public int bodyLength() {
    return bodyLength;
  }

  /// The event's timestamp, in nanoseconds since 1970. It precedes the event's data, always in the
  /// same format.
  ///
  /// @throws IllegalArgumentException if there is none
  public long timestampNanos() {
    // Parsed by hand because a formatter is too slow for the committing thread.
    int at = offset(Field.DATA) - AFTER_TIMESTAMP - TIMESTAMP_LENGTH;
    try {
      long day = LocalDate.of(digits(at, 4), digits(at + 5, 2), digits(at + 8, 2)).toEpochDay();
      long minutes = (day * 24 + digits(at + 11, 2)) * 60 + digits(at + 14, 2);
      long seconds = minutes * 60 + digits(at + 17, 2);
      return EventTimestamp.nanos(Instant.ofEpochSecond(seconds, digits(at + 20, 9)));
    } catch (DateTimeException | ArithmeticException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException("An event record has no timestamp", e);
    }
  }

  private int digits(int from, int count) {
    int number = 0;
    for (int i = from; i < from + count; i++) {
      number = 10 * number + bytes[i] - '0';
    }
    return number;
  }

  /// The offset of this record in [#bytes()].
  public int start() {
    return start;
  }

  /// The length of the whole record in bytes.
  public int length() {
    return length;
  }

  /// This event's keys in an index or a table of subscriptions; see [IndexKeys].
  public long[] keys() {
    long[] known = keys;
    if (known == null) {
      known = IndexKeys.of(this);
      keys = known; // benign race: both threads compute the same values
    }
    return known;
  }
}
