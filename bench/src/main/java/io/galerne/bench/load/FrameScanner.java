package io.galerne.bench.load;

import io.netty.buffer.ByteBuf;

/// Counts the data frames of one SSE stream, and finds the time in each, without parsing.
///
/// A data frame is a line that ends with `}`: ids, comments, chunk sizes and empty lines do not. Its
/// time is the number after `"t":`. A frame torn over two reads is counted, but its time is left
/// out; that happens by chance, so the times that are left are a fair sample.
///
/// Owned by the event loop of its connection.
final class FrameScanner {
  private static final byte[] MARK = {'"', 't', '"', ':'};
  private static final int TIME_DIGITS = Template.TIME.length();

  /// Takes the time of a frame.
  interface Times {
    void frame(long time);
  }

  private byte last;
  // How far before the line's end the time was found last: nearly always where it is again.
  private int distance;

  /// Takes what arrived.
  ///
  /// @return how many frames end in this part
  int scan(ByteBuf part, Times times) {
    int found = 0;
    int start = part.readerIndex();
    int end = part.writerIndex();
    int line = start;
    for (int lf = part.indexOf(start, end, (byte) '\n');
        lf >= 0;
        lf = part.indexOf(line, end, (byte) '\n')) {
      byte before = lf == start ? last : part.getByte(lf - 1);
      if (before == '}') {
        found++;
        time(part, line, lf, times);
      }
      line = lf + 1;
    }
    if (end > start) {
      last = part.getByte(end - 1);
    }
    return found;
  }

  private void time(ByteBuf part, int line, int lf, Times times) {
    int at = lf - distance;
    if (at < line || !marked(part, at)) {
      at = lf - MARK.length - TIME_DIGITS;
      while (at >= line && !marked(part, at)) {
        at--;
      }
    }
    if (at >= line) {
      distance = lf - at;
      times.frame(number(part, at + MARK.length));
    }
  }

  private static boolean marked(ByteBuf part, int at) {
    if (at + MARK.length + TIME_DIGITS > part.writerIndex()) {
      return false;
    }
    for (int i = 0; i < MARK.length; i++) {
      if (part.getByte(at + i) != MARK[i]) {
        return false;
      }
    }
    return true;
  }

  private static long number(ByteBuf part, int at) {
    long value = 0;
    for (int i = at; i < at + TIME_DIGITS; i++) {
      value = value * 10 + (part.getByte(i) - '0');
    }
    return value;
  }
}
