package io.galerne.server.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/// Deduplication key of an event: a 128-bit hash of its namespace and its `event_id`, keyed by a
/// secret of the store, so that nobody can forge a collision with another namespace. Stores persist
/// it.
public record IdHash(long high, long low) {
  /// Encoded size: two big-endian numbers.
  public static final int BYTES = 2 * Long.BYTES;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// The secret of a store.
  public record Key(long first, long second) {
    /// Encoded size: two big-endian numbers.
    public static final int BYTES = 2 * Long.BYTES;

    /// A new random key, from a secure source.
    public static Key random() {
      SecureRandom random = new SecureRandom();
      return new Key(random.nextLong(), random.nextLong());
    }

    /// The hash of an event's namespace and id.
    public IdHash of(EventRecord event) {
      int namespace = event.length(Field.NAMESPACE);
      SipHash hash = new SipHash(first, second);
      hash.add(namespace); // "a" + "bc" and "ab" + "c" must differ
      hash.add(event.bytes(), event.offset(Field.NAMESPACE), namespace);
      hash.add(event.bytes(), event.offset(Field.EVENT_ID), event.length(Field.EVENT_ID));
      return hash.finish();
    }
  }

  /// SipHash-1-3 with 128 bits of output. Each text is padded with its length, like the end of a
  /// SipHash message.
  private static final class SipHash {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    private SipHash(long k0, long k1) {
      v0 = k0 ^ 0x736f6d6570736575L;
      v1 = k1 ^ 0x646f72616e646f6dL ^ 0xee;
      v2 = k0 ^ 0x6c7967656e657261L;
      v3 = k1 ^ 0x7465646279746573L;
    }

    private void add(byte[] bytes, int offset, int length) {
      int end = offset + (length & ~7);
      for (int i = offset; i < end; i += Long.BYTES) {
        add((long) LONGS.get(bytes, i));
      }
      long tail = (long) length << 56;
      for (int i = 0; i < (length & 7); i++) {
        tail |= (bytes[end + i] & 0xFFL) << (8 * i);
      }
      add(tail);
    }

    private void add(long word) {
      v3 ^= word;
      round();
      v0 ^= word;
    }

    private IdHash finish() {
      v2 ^= 0xee;
      round();
      round();
      round();
      long high = v0 ^ v1 ^ v2 ^ v3;
      v1 ^= 0xdd;
      round();
      round();
      round();
      return new IdHash(high, v0 ^ v1 ^ v2 ^ v3);
    }

    private void round() {
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
    }
  }
}
