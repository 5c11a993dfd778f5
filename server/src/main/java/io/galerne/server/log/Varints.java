package io.galerne.server.log;

/// Reads and writes LEB128 varints: seven bits per byte, lowest first.
public final class Varints {
  /// The maximum number of bytes that [#write(byte[], int, long)] writes.
  public static final int MAX_BYTES = 10;

  private final byte[] bytes;
  private int position;

  /// A reader that starts at `position`.
  public Varints(byte[] bytes, int position) {
    this.bytes = bytes;
    this.position = position;
  }

  /// The next number.
  ///
  /// @throws ArrayIndexOutOfBoundsException if the bytes end before it does
  public int next() {
    return (int) nextLong();
  }

  /// The next number, up to 64 bits wide.
  ///
  /// @throws ArrayIndexOutOfBoundsException if the bytes end before it does
  public long nextLong() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = bytes[position++];
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  public int position() {
    return position;
  }

  /// Writes `value` at `position` and returns the position after it.
  public static int write(byte[] bytes, int position, long value) {
    int at = position;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[at++] = (byte) rest;
    return at;
  }
}
