package io.galerne.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Locale;

/// Finds the end of an HTTP/1.1 answer that has a `Content-Length` or no content (204), which is
/// enough for a publisher. Owned by the event loop of its connection.
final class HttpAnswer {
  private static final String LENGTH = "content-length:";
  private static final String NO_CONTENT = "HTTP/1.1 204";

  private final ByteBuf received = Unpooled.buffer(1024);

  /// Consumes the received bytes.
  ///
  /// @return whether the answer is complete
  /// @throws IllegalStateException if it is not a success, or has no length
  boolean take(ByteBuf part) {
    received.writeBytes(part);
    int headEnd = headEnd();
    if (headEnd < 0) {
      return false;
    }
    String head = received.toString(0, headEnd, ISO_8859_1);
    if (received.writerIndex() < headEnd + length(head)) {
      return false;
    }
    if (!head.startsWith("HTTP/1.1 2")) {
      throw new IllegalStateException("refused: " + text());
    }
    received.clear();
    return true;
  }

  private int length(String head) {
    if (head.startsWith(NO_CONTENT)) {
      return 0;
    }
    int at = head.toLowerCase(Locale.ROOT).indexOf(LENGTH);
    if (at < 0) {
      throw new IllegalStateException("answer without a length: " + text());
    }
    return Integer.parseInt(head.substring(at + LENGTH.length(), head.indexOf('\r', at)).strip());
  }

  private int headEnd() {
    int end = received.writerIndex();
    for (int lf = received.indexOf(0, end, (byte) '\n');
        lf >= 0;
        lf = received.indexOf(lf + 1, end, (byte) '\n')) {
      if (lf >= 3 && received.getByte(lf - 2) == '\n') {
        return lf + 1;
      }
    }
    return -1;
  }

  private String text() {
    return received.toString(0, Math.min(received.writerIndex(), 600), ISO_8859_1);
  }
}
