package io.galerne.server.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;

/// The opaque cursor of a list (contract, sections 5 and 8): a position and a digest of its query.
/// It holds no secret and grants no rights, so it is not signed.
final class Cursor {
  private static final byte VERSION = 1;
  private static final int DIGEST_BYTES = 12;

  private Cursor() {}

  /// The query that a cursor is bound to. Built once, then used by one thread at a time.
  static final class Scope {
    private final StringBuilder query = new StringBuilder();

    Scope(String logId, String namespace) {
      add(Optional.of(logId));
      add(Optional.of(namespace));
    }

    /// Adds a value of the query.
    void add(Optional<String> value) {
      // length-prefixed, so that no two lists of values are equal
      query.append(value.map(text -> text.length() + ":" + text).orElse("-")).append(';');
    }

    String cursor(long... position) {
      ByteBuffer bytes = ByteBuffer.allocate(length(position.length)).put(VERSION);
      for (long number : position) {
        bytes.putLong(number);
      }
      bytes.put(digest(), 0, DIGEST_BYTES);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /// The position of a cursor; empty if the cursor is not from this query.
    OptionalLong read(String cursor) {
      long[] position = read(cursor, 1);
      return position.length == 1 && position[0] > 0
          ? OptionalLong.of(position[0])
          : OptionalLong.empty();
    }

    /// The `numbers` numbers of a cursor's position; empty if the cursor is not from this query.
    long[] read(String cursor, int numbers) {
      byte[] bytes;
      try {
        bytes = Base64.getUrlDecoder().decode(cursor);
      } catch (IllegalArgumentException e) {
        return new long[0];
      }
      if (bytes.length != length(numbers) || bytes[0] != VERSION) {
        return new long[0];
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
      long[] position = new long[numbers];
      for (int i = 0; i < numbers; i++) {
        position[i] = buffer.getLong();
      }
      boolean ours = buffer.equals(ByteBuffer.wrap(digest(), 0, DIGEST_BYTES));
      return ours ? position : new long[0];
    }

    private static int length(int numbers) {
      return 1 + numbers * Long.BYTES + DIGEST_BYTES;
    }

    private byte[] digest() {
      try {
        return MessageDigest.getInstance("SHA-256").digest(query.toString().getBytes(UTF_8));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("Every Java has SHA-256", e);
      }
    }
  }
}
