package io.galerne.server.log;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/// The events of one append, which wait for their commit.
public final class PendingAppend {
  private final List<EventRecord> events;
  private final IdHash[] ids;
  private final long bytes;
  private final long acceptedNanos = System.nanoTime();
  private final CompletableFuture<long[]> sequences = new CompletableFuture<>();

  /// Computes id hashes and index keys here, to relieve the committing thread.
  ///
  /// @param key the key for hashing ids
  public PendingAppend(List<EventRecord> events, IdHash.Key key) {
    this.events = events;
    this.ids = new IdHash[events.size()];
    long total = 0;
    for (int i = 0; i < ids.length; i++) {
      EventRecord event = events.get(i);
      ids[i] = key.of(event);
      event.keys();
      total += event.length();
    }
    this.bytes = total;
  }

  public List<EventRecord> events() {
    return events;
  }

  /// The deduplication key of each event. Do not modify.
  public IdHash[] ids() {
    return ids;
  }

  /// The total size of the events in bytes.
  public long bytes() {
    return bytes;
  }

  /// `System.nanoTime()` when the events were appended.
  public long acceptedNanos() {
    return acceptedNanos;
  }

  /// The result: the sequence of each event, once all are durable.
  public CompletableFuture<long[]> sequences() {
    return sequences;
  }

  /// Fails the append: the events may or may not be durable.
  public void refuse(String reason) {
    sequences.completeExceptionally(new LogUnavailableException(reason));
  }
}
