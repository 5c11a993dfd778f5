package io.galerne.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// Reads a Server-Sent Events stream as the WHATWG specification says, from bytes cut anywhere.
///
/// Lines end with LF, CR or CRLF; a leading byte order mark is skipped; a message without a data
/// line is not dispatched; what stands after the last blank line when the bytes end is dropped, so
/// a torn frame is never delivered. Not safe for use by several threads at once.
public final class SseParser {
  /// A longer line is no event that a server of ours would send, but somebody using up memory.
  public static final int DEFAULT_MAX_LINE_BYTES = 16 * 1024 * 1024;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final Consumer<SseMessage> messages;
  private final int maxLineBytes;

  private byte[] line = new byte[1024];
  private int lineLength;
  private boolean atStart = true;
  private boolean afterCarriageReturn;

  private final StringBuilder data = new StringBuilder();
  private boolean hasData;
  private Optional<String> event = Optional.empty();
  private String lastId = "";
  private OptionalLong retryMillis = OptionalLong.empty();

  /// @param messages takes each message, in order, on the thread that feeds the bytes
  public SseParser(Consumer<SseMessage> messages) {
    this(messages, DEFAULT_MAX_LINE_BYTES);
  }

  /// @param maxLineBytes the longest line that is read, in bytes
  public SseParser(Consumer<SseMessage> messages, int maxLineBytes) {
    this.messages = messages;
    this.maxLineBytes = maxLineBytes;
  }

  /// Reads the next bytes of the stream.
  ///
  /// @throws IllegalStateException where a line is longer than the limit
  public void feed(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int lineStart = offset;
    for (int i = offset; i < end; i++) {
      byte b = bytes[i];
      if (b != '\n' && b != '\r') {
        afterCarriageReturn = false;
        continue;
      }
      boolean secondOfPair = b == '\n' && afterCarriageReturn;
      if (!secondOfPair) {
        keep(bytes, lineStart, i);
        endLine();
      }
      lineStart = i + 1;
      afterCarriageReturn = b == '\r';
    }
    keep(bytes, lineStart, end);
  }

  private void keep(byte[] bytes, int from, int to) {
    int count = to - from;
    if (count > maxLineBytes - lineLength) {
      throw new IllegalStateException(
          "A line of the stream is longer than " + maxLineBytes + " bytes");
    }
    if (lineLength + count > line.length) {
      line = Arrays.copyOf(line, Math.max(line.length * 2, lineLength + count));
    }
    System.arraycopy(bytes, from, line, lineLength, count);
    lineLength += count;
  }

  private void endLine() {
    int start = 0;
    if (atStart) {
      atStart = false;
      if (Arrays.equals(line, 0, Math.min(3, lineLength), BYTE_ORDER_MARK, 0, 3)) {
        start = 3;
      }
    }
    int length = lineLength - start;
    lineLength = 0;
    if (length == 0) {
      dispatch();
    } else {
      field(start, length);
    }
  }

  private void field(int start, int length) {
    int end = start + length;
    int colon = start;
    while (colon < end && line[colon] != ':') {
      colon++;
    }
    if (colon == start) {
      return; // a comment
    }
    int value = Math.min(colon + 1, end);
    if (value < end && line[value] == ' ') {
      value++;
    }
    String text = new String(line, value, end - value, StandardCharsets.UTF_8);
    switch (new String(line, start, colon - start, StandardCharsets.UTF_8)) {
      case "data" -> {
        if (hasData) {
          data.append('\n');
        }
        data.append(text);
        hasData = true;
      }
      case "event" -> event = text.isEmpty() ? Optional.empty() : Optional.of(text);
      case "id" -> {
        if (text.indexOf('\0') < 0) {
          lastId = text;
        }
      }
      case "retry" -> retryMillis = digits(text);
      default -> {
        // fields that the specification does not name are ignored
      }
    }
  }

  private OptionalLong digits(String text) {
    boolean plausible =
        !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return plausible ? OptionalLong.of(Long.parseLong(text)) : retryMillis;
  }

  private void dispatch() {
    if (hasData) {
      messages.accept(new SseMessage(event, data.toString(), lastId, retryMillis));
    }
    data.setLength(0);
    hasData = false;
    event = Optional.empty();
    retryMillis = OptionalLong.empty();
  }
}
