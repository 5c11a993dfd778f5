package io.galerne.bench.load;

import io.netty.buffer.ByteBuf;

/// Counts the events that a server delivers on one connection, and reads the time of each, without
/// parsing: every event has one [EventText#TIME_MARK], which nothing else on the wire has, and its
/// time follows. So it works with any framing, any number of events per frame, and reads that split
/// them anywhere.
///
/// Owned by the event loop of its connection.
final class EventScanner {
  private static final int TIME_DIGITS = Template.TIME.length();

  /// Receives the time of an event.
  interface Times {
    void event(long time);
  }

  /// The missing digits of a time that began in the last part.
  private int missing;

  private long time;

  /// Scans the received bytes.
  ///
  /// @return the number of times that end in this part
  /// @throws IllegalStateException if a mark is not followed by a time
  int scan(ByteBuf part, Times times) {
    int found = 0;
    int end = part.writerIndex();
    int at = part.readerIndex();
    while (true) {
      if (missing == 0) {
        int mark = part.indexOf(at, end, EventText.TIME_MARK);
        if (mark < 0) {
          return found;
        }
        at = mark + 1;
        missing = TIME_DIGITS;
        time = 0;
      }
      for (; missing > 0 && at < end; missing--) {
        time = time * 10 + digit(part.getByte(at++));
      }
      if (missing > 0) {
        return found;
      }
      found++;
      times.event(time);
    }
  }

  private static int digit(byte character) {
    int digit = character - '0';
    if (digit < 0 || digit > 9) {
      throw new IllegalStateException("the time of an event has a byte " + character + " in it");
    }
    return digit;
  }
}
