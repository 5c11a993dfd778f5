package io.galerne.server.live;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.galerne.server.log.EventRecord;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/// Renders Server-Sent Events frames (contract, section 4), each batch of them within one HTTP/1.1
/// chunk.
final class Frames {
  /// A chunk's size as six hexadecimal digits, and a line end: no frame is larger than 16 MiB.
  static final int CHUNK_HEAD = 8;

  /// The line end after a chunk.
  static final int CHUNK_TAIL = 2;

  /// Limit of a frame's bytes besides the event's text.
  static final int FRAME_EXTRA = 64;

  static final ByteBuf KEEP_ALIVE = chunk(": keep-alive\n\n");
  static final ByteBuf LAST_CHUNK = constant("0\r\n\r\n");

  private static final byte[] ID = "id: ".getBytes(US_ASCII);
  private static final byte[] DATA = "\ndata: ".getBytes(US_ASCII);
  private static final byte[] END = "}\n\n".getBytes(US_ASCII);
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

  private Frames() {}

  /// The `retry` hint (reconnection delay), as a chunk directly before the first frame, to which it
  /// belongs.
  static ByteBuf retry(long millis) {
    return chunk("retry: " + millis + "\n");
  }

  /// The `error` frame of a failed stream.
  static ByteBuf error(String text, String reason) {
    return chunk(
        "event: error\ndata: {\"error\":\"" + text + "\",\"reason\":\"" + reason + "\"}\n\n");
  }

  private static ByteBuf chunk(String text) {
    return constant(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
  }

  private static ByteBuf constant(String text) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(text.length());
    bytes.put(text.getBytes(US_ASCII)).flip();
    return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes));
  }

  /// The most bytes that [#write] may write.
  static int mostBytes(EventRecord event) {
    return event.bodyLength() + FRAME_EXTRA;
  }

  /// Writes the frame of an event.
  static void write(ByteBuf out, long sequence, EventRecord event) {
    out.writeBytes(ID);
    number(out, sequence);
    out.writeBytes(DATA);
    out.writeBytes(event.bytes(), event.bodyOffset(), event.bodyLength());
    number(out, sequence);
    out.writeBytes(END);
  }

  /// Whether an event is sent in parts, each after the reader has taken the previous ones, because
  /// it is larger than what may wait on a connection.
  static boolean isLarge(EventRecord event) {
    return mostBytes(event) > SendBudget.PIECE_BYTES;
  }

  /// The size of an event's frame in bytes.
  static int bytes(long sequence, EventRecord event) {
    int digits = Long.toString(sequence).length();
    return ID.length + digits + DATA.length + event.bodyLength() + digits + END.length;
  }

  /// Writes the bytes `from` (inclusive) to `to` (exclusive) of an event's frame, as a chunk.
  static void writePart(ByteBuf out, long sequence, EventRecord event, int from, int to) {
    String number = Long.toString(sequence);
    byte[] before = ("id: " + number + "\ndata: ").getBytes(US_ASCII);
    byte[] after = (number + "}\n\n").getBytes(US_ASCII);
    int bodyEnd = before.length + event.bodyLength();
    int start = out.writerIndex();
    beginChunk(out);
    copy(out, before, 0, 0, before.length, from, to);
    copy(out, event.bytes(), event.bodyOffset(), before.length, bodyEnd, from, to);
    copy(out, after, 0, bodyEnd, bodyEnd + after.length, from, to);
    endChunk(out, start);
  }

  /// Copies the part between `from` and `to` of a frame's section, from `start` to `end`.
  private static void copy(
      ByteBuf out, byte[] section, int offset, int start, int end, int from, int to) {
    int first = Math.max(start, from);
    int length = Math.min(end, to) - first;
    if (length > 0) {
      out.writeBytes(section, offset + first - start, length);
    }
  }

  /// Begins a chunk with room for its size.
  static void beginChunk(ByteBuf out) {
    out.writeZero(CHUNK_HEAD);
  }

  /// Ends the chunk that begins at `start` and fills in its size.
  static void endChunk(ByteBuf out, int start) {
    int size = out.writerIndex() - start - CHUNK_HEAD;
    for (int i = 0; i < 6; i++) {
      out.setByte(start + i, HEX[size >>> (20 - 4 * i) & 0xF]);
    }
    out.setByte(start + 6, '\r');
    out.setByte(start + 7, '\n');
    out.writeByte('\r').writeByte('\n');
  }

  private static void number(ByteBuf out, long number) {
    byte[] digits = new byte[20];
    int at = digits.length;
    long rest = number;
    do {
      digits[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    out.writeBytes(digits, at, digits.length - at);
  }
}
