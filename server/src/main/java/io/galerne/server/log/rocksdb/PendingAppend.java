package io.galerne.server.log.rocksdb;

import static java.util.Objects.requireNonNull;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Events that were handed over together and wait for their commit.
final class PendingAppend {
  private static final ThreadLocal<MessageDigest> SHA256 =
      ThreadLocal.withInitial(PendingAppend::sha256);

  final List<EventRecord> events;

  /// For each event, what it is recognised by when it is sent again.
  final byte[][] ids;

  final long bytes;
  final long acceptedNanos = System.nanoTime();
  final CompletableFuture<long[]> sequences = new CompletableFuture<>();

  PendingAppend(List<EventRecord> events) {
    this.events = events;
    this.ids = new byte[events.size()][];
    long total = 0;
    for (int i = 0; i < ids.length; i++) {
      EventRecord event = events.get(i);
      ids[i] = id(event);
      event.keys(); // here rather than on the one thread that commits
      total += event.length();
    }
    this.bytes = total;
  }

  private static byte[] id(EventRecord event) {
    MessageDigest digest = requireNonNull(SHA256.get());
    update(digest, event, Field.NAMESPACE);
    digest.update((byte) 0);
    update(digest, event, Field.EVENT_ID);
    return Arrays.copyOf(digest.digest(), StoreKeys.ID_HASH);
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
