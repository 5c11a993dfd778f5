package io.galerne.server.log.jetstream;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.IdHash;
import io.galerne.server.log.Varints;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A message of a log's stream that holds an event, or a part of one that is too large for one
/// message. Messages that were appended together are a *batch*: they stand one behind the other, and
/// are events only once the last of them is there. Format version 1, numbers as LEB128 varints:
///
/// | part | is |
/// |---|---|
/// | version | 1 byte: 1 |
/// | flags | 1 byte: 1 where it continues the event of the message before, 2 where the next continues it |
/// | time | when it was appended, in milliseconds since 1970; never before that of an earlier message |
/// | place | its place in its batch, from 0 on |
/// | count | how many messages the batch has |
/// | id | 16 bytes, [IdHash], of the event that begins here; not where it continues one |
/// | event | the bytes of an [EventRecord], or some of them |
///
/// @param data the whole message
/// @param eventOffset where in it the event's bytes begin
record StoredMessage(
    byte[] data,
    int eventOffset,
    boolean continues,
    boolean continued,
    long millis,
    int place,
    int count,
    IdHash id) {
  private static final byte VERSION = 1;
  private static final int CONTINUES = 1;
  private static final int CONTINUED = 2;
  private static final IdHash NO_ID = new IdHash(0, 0);

  /// The most bytes that stand before the event's own.
  static final int MOST_HEAD_BYTES = 2 + 3 * Varints.MAX_BYTES + IdHash.BYTES;

  /// Reads a message; its bytes are not copied.
  ///
  /// @throws IllegalArgumentException where this is none, or one of a later version
  static StoredMessage read(byte[] data) {
    if (data.length < 2 || data[0] != VERSION) {
      throw new IllegalArgumentException("Not a message of format version " + VERSION);
    }
    try {
      Varints in = new Varints(data, 2);
      long millis = in.nextLong();
      int place = in.next();
      int count = in.next();
      if (place < 0 || place >= count) {
        throw new IllegalArgumentException("A message is at " + place + " of " + count);
      }
      int at = in.position();
      boolean continues = (data[1] & CONTINUES) != 0;
      IdHash id = NO_ID;
      if (!continues) {
        ByteBuffer hash = ByteBuffer.wrap(data, at, IdHash.BYTES);
        id = new IdHash(hash.getLong(), hash.getLong());
        at += IdHash.BYTES;
      }
      boolean continued = (data[1] & CONTINUED) != 0;
      return new StoredMessage(data, at, continues, continued, millis, place, count, id);
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("A message ends before its event begins", e);
    }
  }

  /// Writes a message with the bytes of `event` from `from` to `to`, counted from its start.
  static byte[] write(
      EventRecord event, IdHash id, int from, int to, long millis, int place, int count) {
    boolean continues = from > 0;
    byte[] data = new byte[MOST_HEAD_BYTES + to - from];
    data[0] = VERSION;
    data[1] = (byte) ((continues ? CONTINUES : 0) | (to < event.length() ? CONTINUED : 0));
    int at = Varints.write(data, 2, millis);
    at = Varints.write(data, at, place);
    at = Varints.write(data, at, count);
    if (!continues) {
      ByteBuffer.wrap(data, at, IdHash.BYTES).putLong(id.high()).putLong(id.low());
      at += IdHash.BYTES;
    }
    System.arraycopy(event.bytes(), event.start() + from, data, at, to - from);
    return Arrays.copyOf(data, at + to - from);
  }

  int eventLength() {
    return data.length - eventOffset;
  }
}
