package io.galerne.client.payload;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The MessagePack envelope of compressed bytes:
/// `{"compression": {"algorithm": "zstd", "level": n}, "payload": bin}`.
///
/// Read and written by hand: one fixed map does not justify a library, and `msgpack-core` 0.9.12 has
/// no module name, so a published module must not require it. Unknown members are skipped.
final class CompressedEnvelope {
  private static final String ZSTD = "zstd";

  private static final int MAP_OF_2 = 0x82;
  private static final int SHORT_STRING = 0xa0;
  private static final int BIN_8 = 0xc4;
  private static final int BIN_16 = 0xc5;
  private static final int BIN_32 = 0xc6;
  private static final int STRING_8 = 0xd9;
  private static final int STRING_16 = 0xda;
  private static final int STRING_32 = 0xdb;
  private static final int ARRAY_16 = 0xdc;
  private static final int ARRAY_32 = 0xdd;
  private static final int MAP_16 = 0xde;
  private static final int MAP_32 = 0xdf;

  private final ByteBuffer in;
  private @Nullable String algorithm;
  private byte @Nullable [] payload;

  private CompressedEnvelope(byte[] envelope) {
    this.in = ByteBuffer.wrap(envelope);
  }

  /// @param level at most 127, which is one byte
  static byte[] write(byte[] zstd, int level) {
    ByteBuffer out = ByteBuffer.allocate(64 + zstd.length);
    out.put((byte) MAP_OF_2);
    write("compression", out).put((byte) MAP_OF_2);
    write("algorithm", out);
    write(ZSTD, out);
    write("level", out).put((byte) level);
    write("payload", out).put((byte) BIN_32).putInt(zstd.length).put(zstd);
    byte[] envelope = new byte[out.position()];
    out.flip().get(envelope);
    return envelope;
  }

  private static ByteBuffer write(String text, ByteBuffer out) {
    return out.put((byte) (SHORT_STRING | text.length())).put(text.getBytes(US_ASCII));
  }

  /// Returns the zstd-compressed bytes.
  static byte[] read(byte[] envelope) throws PayloadFault {
    CompressedEnvelope read = new CompressedEnvelope(envelope);
    try {
      read.members();
    } catch (BufferUnderflowException e) {
      throw new PayloadFault("the compressed envelope is truncated");
    }
    if (read.algorithm == null || read.payload == null) {
      throw new PayloadFault("the compressed envelope lacks its algorithm or its payload");
    } else if (!read.algorithm.equals(ZSTD)) {
      throw new PayloadFault("it was compressed by an algorithm other than zstd");
    }
    return read.payload;
  }

  private void members() throws PayloadFault {
    for (long left = mapSize(); left > 0; left--) {
      switch (string()) {
        case "compression" -> compression();
        case "payload" -> payload = binary();
        default -> skip();
      }
    }
  }

  private void compression() throws PayloadFault {
    for (long left = mapSize(); left > 0; left--) {
      if (string().equals("algorithm")) {
        algorithm = string();
      } else {
        skip();
      }
    }
  }

  private long mapSize() throws PayloadFault {
    int type = unsigned8();
    return switch (type) {
      case MAP_16 -> unsigned16();
      case MAP_32 -> unsigned32();
      default -> {
        if (type >> 4 != 8) {
          throw unexpected("map", type);
        }
        yield type & 0x0f;
      }
    };
  }

  private String string() throws PayloadFault {
    int type = unsigned8();
    long length =
        switch (type) {
          case STRING_8 -> unsigned8();
          case STRING_16 -> unsigned16();
          case STRING_32 -> unsigned32();
          default -> {
            if (type >> 5 != 5) {
              throw unexpected("string", type);
            }
            yield type & 0x1f;
          }
        };
    return new String(bytes(length), UTF_8);
  }

  private byte[] binary() throws PayloadFault {
    int type = unsigned8();
    return switch (type) {
      case BIN_8 -> bytes(unsigned8());
      case BIN_16 -> bytes(unsigned16());
      case BIN_32 -> bytes(unsigned32());
      default -> throw unexpected("byte array", type);
    };
  }

  /// Skips one value, without recursion, so that any nesting works.
  private void skip() throws PayloadFault {
    for (long left = 1; left > 0; left--) {
      int type = unsigned8();
      if (type >= 0xc0 && type < 0xe0) {
        left += skipLong(type);
      } else if (type >= 0xa0 && type < 0xc0) {
        advance(type & 0x1f); // a short string
      } else if (type >= 0x90 && type < 0xa0) {
        left += type & 0x0f; // a short array
      } else if (type >= 0x80 && type < 0x90) {
        left += 2L * (type & 0x0f); // a short map
      } // else an integer of one byte
    }
  }

  /// Skips a value whose size is not in its first byte; returns the number of nested values.
  private long skipLong(int type) throws PayloadFault {
    switch (type) {
      case 0xc0, 0xc2, 0xc3 -> advance(0); // nil, false, true
      case 0xcc, 0xd0 -> advance(1);
      case 0xcd, 0xd1 -> advance(2);
      case 0xca, 0xce, 0xd2 -> advance(4);
      case 0xcb, 0xcf, 0xd3 -> advance(8);
      case BIN_8, STRING_8 -> advance(unsigned8());
      case BIN_16, STRING_16 -> advance(unsigned16());
      case BIN_32, STRING_32 -> advance(unsigned32());
      case ARRAY_16 -> {
        return unsigned16();
      }
      case ARRAY_32 -> {
        return unsigned32();
      }
      case MAP_16 -> {
        return 2L * unsigned16();
      }
      case MAP_32 -> {
        return 2 * unsigned32();
      }
      default -> throw unexpected("value", type);
    }
    return 0;
  }

  private static PayloadFault unexpected(String wanted, int type) {
    return new PayloadFault(
        "the compressed envelope is not the expected MessagePack: a %s is missing at 0x%02x"
            .formatted(wanted, type));
  }

  private int unsigned8() {
    return Byte.toUnsignedInt(in.get());
  }

  private int unsigned16() {
    return Short.toUnsignedInt(in.getShort());
  }

  private long unsigned32() {
    return Integer.toUnsignedLong(in.getInt());
  }

  private byte[] bytes(long length) {
    int from = in.position();
    advance(length);
    byte[] bytes = new byte[(int) length];
    in.get(from, bytes);
    return bytes;
  }

  private void advance(long length) {
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    in.position(in.position() + (int) length);
  }
}
