package io.galerne.server.log;

import io.galerne.protocol.EventType;
import java.util.Arrays;

/// Builds the text of one [EventRecord] and records the offsets of its fields. Not safe for use by
/// several threads.
public final class EventRecordBuilder {
  private static final int MOST_TABLE_BYTES = 1 + (2 * Field.STORED + 1) * 5;

  private final EventType type;
  private final int[] spans = new int[Field.STORED * 2];
  private byte[] text;
  private int length;

  /// @param expectedLength approximate length of the text in bytes
  public EventRecordBuilder(EventType type, int expectedLength) {
    this.type = type;
    this.text = new byte[Math.max(64, expectedLength)];
    for (int i = 0; i < spans.length; i += 2) {
      spans[i + 1] = -1;
    }
  }

  public EventRecordBuilder append(byte[] bytes) {
    return append(bytes, 0, bytes.length);
  }

  public EventRecordBuilder append(byte[] bytes, int offset, int count) {
    if (count > text.length - length) {
      text = Arrays.copyOf(text, Math.max(text.length * 2, length + count));
    }
    System.arraycopy(bytes, offset, text, length, count);
    length += count;
    return this;
  }

  /// The length of the text so far, which is the offset of the next append.
  public int length() {
    return length;
  }

  /// Sets the field's value to the `count` bytes of text at `offset`.
  public EventRecordBuilder field(Field field, int offset, int count) {
    spans[field.id() * 2] = offset;
    spans[field.id() * 2 + 1] = count;
    return this;
  }

  /// Builds the record.
  ///
  /// @param bodyLength length of the stream event, which is the start of the text
  public EventRecord build(int bodyLength) {
    byte[] record = new byte[MOST_TABLE_BYTES + length];
    record[0] = type.id();
    int at = 1;
    for (int i = 0; i < spans.length; i += 2) {
      at = Varints.write(record, at, spans[i + 1] + 1L);
      if (spans[i + 1] >= 0) {
        at = Varints.write(record, at, spans[i]);
      }
    }
    at = Varints.write(record, at, bodyLength);
    System.arraycopy(text, 0, record, at, length);
    return new EventRecord(record, 0, at + length);
  }
}
