package io.galerne.server.log;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// What an event is recognised by when it is sent again: the first 16 bytes of SHA-256 of its
/// namespace, a zero byte and its `event_id`. Logs store it.
public record IdHash(long high, long low) {
  /// How many bytes it is, written as two big-endian numbers.
  public static final int BYTES = 2 * Long.BYTES;

  private static final ThreadLocal<MessageDigest> SHA256 = ThreadLocal.withInitial(IdHash::sha256);

  public static IdHash of(EventRecord event) {
    MessageDigest digest = requireNonNull(SHA256.get());
    update(digest, event, Field.NAMESPACE);
    digest.update((byte) 0);
    update(digest, event, Field.EVENT_ID);
    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
    return new IdHash(hash.getLong(), hash.getLong());
  }

  private static void update(MessageDigest digest, EventRecord event, Field field) {
    digest.update(event.bytes(), event.offset(field), event.length(field));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
