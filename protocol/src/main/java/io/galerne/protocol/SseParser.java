package io.galerne.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Parses a Server-Sent Events stream incrementally, as specified by WHATWG. Chunks may end
/// anywhere.
///
/// Lines end with LF, CR or CRLF; a leading byte order mark is skipped; a message without a data
/// line is not dispatched, but its `retry:` counts. An incomplete message at the end of the bytes
/// is dropped, so a truncated frame is never delivered. Not thread-safe.
///
/// ```java
/// SseParser parser = new SseParser(message -> System.out.println(message.data()));
/// byte[] bytes = "id: 7\ndata: hello\n\n".getBytes(StandardCharsets.UTF_8);
/// parser.feed(bytes, 0, 9); // cut anywhere
/// parser.feed(bytes, 9, bytes.length - 9); // prints hello
/// ```
public final class SseParser {
  /// No event of our servers is longer; a longer line is an attempt to exhaust the memory.
  public static final int DEFAULT_MAX_LINE_BYTES = 16 * 1024 * 1024;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final byte[] DATA = ascii("data");
  private static final byte[] EVENT = ascii("event");
  private static final byte[] ID = ascii("id");
  private static final byte[] RETRY = ascii("retry");

  private final Consumer<SseMessage> messages;
  private final int maxLineBytes;

  /// The start of a line that has not ended yet.
  private byte[] kept = new byte[1024];

  private int keptLength;
  private boolean atStart = true;
  private boolean afterCarriageReturn;

  /// The data lines so far; a second one moves the first into `moreData`.
  private @Nullable String data;

  private final StringBuilder moreData = new StringBuilder();
  private boolean inMessage;
  private Optional<String> event = Optional.empty();
  private String lastId = "";
  private OptionalLong retryMillis = OptionalLong.empty();
  private OptionalLong lastRetryMillis = OptionalLong.empty();

  /// @param messages receives each message, in order, on the thread that feeds the bytes
  public SseParser(Consumer<SseMessage> messages) {
    this(messages, DEFAULT_MAX_LINE_BYTES);
  }

  /// @param maxLineBytes the maximum length of a line, in bytes
  public SseParser(Consumer<SseMessage> messages, int maxLineBytes) {
    this.messages = messages;
    this.maxLineBytes = maxLineBytes;
  }

  /// The stream's latest reconnection time, in milliseconds; it counts as soon as its line ends,
  /// even if no message follows. Empty if there is none.
  public OptionalLong retryMillis() {
    return lastRetryMillis;
  }

  /// Whether the parser is inside a message; if the stream ends here, it was truncated. Comments
  /// are not part of a message once their line has ended.
  public boolean midMessage() {
    return inMessage || keptLength > 0;
  }

  /// Parses the next bytes of the stream.
  ///
  /// @throws IllegalStateException if a line is longer than the limit
  public void feed(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int lineStart = offset;
    for (int i = lineEnd(bytes, offset, end); i < end; i = lineEnd(bytes, lineStart, end)) {
      boolean secondOfPair =
          bytes[i] == '\n' && afterCarriageReturn && i == lineStart && keptLength == 0;
      if (!secondOfPair) {
        endLine(bytes, lineStart, i);
      }
      lineStart = i + 1;
      afterCarriageReturn = bytes[i] == '\r';
    }
    if (lineStart < end) {
      keep(bytes, lineStart, end);
    }
  }

  /// The position of the next LF or CR; `end` if there is none. Skips eight bytes at a time while
  /// none of them is a control character.
  private static int lineEnd(byte[] bytes, int from, int end) {
    int i = from;
    while (i < end) {
      if (i + Long.BYTES <= end) {
        long eight = (long) EIGHT_BYTES.get(bytes, i);
        // sets a byte's highest bit if the byte is less than 14
        if (((eight - 0x0E0E0E0E0E0E0E0EL) & ~eight & 0x8080808080808080L) == 0) {
          i += Long.BYTES;
          continue;
        }
      }
      for (int last = Math.min(i + Long.BYTES, end); i < last; i++) {
        if (bytes[i] == '\n' || bytes[i] == '\r') {
          return i;
        }
      }
    }
    return end;
  }

  private void keep(byte[] bytes, int from, int to) {
    int count = to - from;
    checkLength(count);
    if (keptLength + count > kept.length) {
      kept = Arrays.copyOf(kept, Math.max(kept.length * 2, keptLength + count));
    }
    System.arraycopy(bytes, from, kept, keptLength, count);
    keptLength += count;
  }

  private void checkLength(int more) {
    if (more > maxLineBytes - keptLength) {
      throw new IllegalStateException(
          "A line of the stream is longer than " + maxLineBytes + " bytes");
    }
  }

  /// Parses a line in place, unless it started in earlier bytes.
  private void endLine(byte[] bytes, int from, int to) {
    if (keptLength == 0) {
      checkLength(to - from);
      line(bytes, from, to);
    } else {
      keep(bytes, from, to);
      int length = keptLength;
      keptLength = 0;
      line(kept, 0, length);
    }
  }

  private void line(byte[] bytes, int from, int to) {
    int start = from;
    if (atStart) {
      atStart = false;
      if (equal(bytes, from, Math.min(from + 3, to), BYTE_ORDER_MARK)) {
        start = from + 3;
      }
    }
    if (start == to) {
      dispatch();
    } else {
      field(bytes, start, to);
    }
  }

  private void field(byte[] bytes, int start, int end) {
    int colon = start;
    while (colon < end && bytes[colon] != ':') {
      colon++;
    }
    int value = Math.min(colon + 1, end);
    if (value < end && bytes[value] == ' ') {
      value++;
    }
    if (equal(bytes, start, colon, DATA)) {
      addData(text(bytes, value, end));
      inMessage = true;
    } else if (equal(bytes, start, colon, ID)) {
      String id = text(bytes, value, end);
      lastId = id.indexOf('\0') < 0 ? id : lastId;
      inMessage = true;
    } else if (equal(bytes, start, colon, EVENT)) {
      String name = text(bytes, value, end);
      event = name.isEmpty() ? Optional.empty() : Optional.of(name);
      inMessage = true;
    } else if (equal(bytes, start, colon, RETRY)) {
      retryMillis = digits(text(bytes, value, end));
      lastRetryMillis = retryMillis.isPresent() ? retryMillis : lastRetryMillis;
      inMessage = true;
    }
    // comments and unknown fields are ignored
  }

  private void addData(String line) {
    if (data == null) {
      data = line;
      return;
    }
    if (moreData.isEmpty()) {
      moreData.append(data);
    }
    moreData.append('\n').append(line);
  }

  private OptionalLong digits(String text) {
    boolean plausible =
        !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return plausible ? OptionalLong.of(Long.parseLong(text)) : retryMillis;
  }

  private void dispatch() {
    String whole = data;
    if (whole != null && !moreData.isEmpty()) {
      whole = moreData.toString();
      moreData.setLength(0);
    }
    SseMessage message = whole == null ? null : new SseMessage(event, whole, lastId, retryMillis);
    data = null;
    inMessage = false;
    event = Optional.empty();
    if (message != null) {
      retryMillis = OptionalLong.empty();
      messages.accept(message);
    }
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  private static boolean equal(byte[] bytes, int from, int to, byte[] word) {
    return to - from == word.length && Arrays.equals(bytes, from, to, word, 0, word.length);
  }

  private static byte[] ascii(String word) {
    return word.getBytes(StandardCharsets.US_ASCII);
  }
}
