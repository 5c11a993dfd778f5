package io.galerne.server.log;

import io.galerne.protocol.EventTimestamp;
import io.galerne.protocol.EventType;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One checked event, complete but for the sequence that the log assigns: the stream event as it
/// goes to every reader, and where in it the values stand that are selected on. Immutable.
///
/// Its bytes are the same in memory and on disk. Version 1, all numbers as LEB128 varints:
///
/// | part | is |
/// |---|---|
/// | type | 1 byte, [EventType#id()] |
/// | fields | for each of the 12 stored [Field]s: length + 1 (0 if the event has none), then, if it is not 0, the offset in the text |
/// | body length | bytes of the text that are the stream event |
/// | text | the stream event's JSON up to and with `"broker_sequence":`, then the values that do not stand in it literally because they were escaped there |
public final class EventRecord {
  /// Most bytes of a stream event. A frame of it still fits into a chunk, whose size has six
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

  /// Offset in `bytes` and length of each field; length -1 if there is none.
  private final int[] spans = new int[Field.STORED * 2];

  private volatile long @Nullable [] keys;

  /// Reads the record that stands at `start` of `bytes` and is `length` bytes long. The bytes are
  /// not copied and must not change any more.
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

  /// The field's value as it was published, without quotes and escapes; null if it has none.
  public @Nullable String text(Field field) {
    return has(field)
        ? new String(bytes, offset(field), length(field), StandardCharsets.UTF_8)
        : null;
  }

  /// Whether the field's value is exactly this UTF-8.
  public boolean is(Field field, byte[] value) {
    int from = offset(field);
    return length(field) == value.length
        && Arrays.equals(bytes, from, from + value.length, value, 0, value.length);
  }

  /// Whether both fields have the same value; false if either has none.
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

  /// Whether the other event has the same value of the field; false if either has none.
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

  /// The array that this record stands in; with [#offset] and [#length(Field)], a way to a value
  /// without a copy. Not to be written to.
  public byte[] bytes() {
    return bytes;
  }

  /// Where in [#bytes()] the field's value begins.
  public int offset(Field field) {
    return spans[field.id() * 2];
  }

  /// How many bytes the field's value has; -1 if there is none.
  public int length(Field field) {
    return spans[field.id() * 2 + 1];
  }

  /// Where in [#bytes()] the stream event's JSON begins, which ends with `"broker_sequence":`.
  public int bodyOffset() {
    return textStart;
  }

  public int bodyLength() {
    return bodyLength;
  }

  /// When the event happened, in nanoseconds since 1970: the timestamp that stands before the event,
  /// always in the same form.
  ///
  /// @throws IllegalArgumentException if there is none
  public long timestampNanos() {
    // The digits are read here rather than by a formatter: the thread that commits needs them.
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

  /// Where in [#bytes()] the record begins.
  public int start() {
    return start;
  }

  /// How many bytes the whole record has.
  public int length() {
    return length;
  }

  /// The keys under which an index or a table of subscriptions files this event; see [IndexKeys].
  public long[] keys() {
    long[] known = keys;
    if (known == null) {
      known = IndexKeys.of(this);
      keys = known; // two threads may both compute it: the same values
    }
    return known;
  }
}
