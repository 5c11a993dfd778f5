package io.galerne.server.log;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Events that were handed over together and wait for their commit.
public final class PendingAppend {
  private final List<EventRecord> events;
  private final IdHash[] ids;
  private final long bytes;
  private final long acceptedNanos = System.nanoTime();
  private final CompletableFuture<long[]> sequences = new CompletableFuture<>();

  /// Prepares as much as can be done before the one thread that commits: ids and index keys.
  ///
  /// @param key what ids are hashed with
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

  /// For each event, what it is recognised by. Not to be written to.
  public IdHash[] ids() {
    return ids;
  }

  /// How many bytes the events have.
  public long bytes() {
    return bytes;
  }

  /// `System.nanoTime()` of when they were handed over.
  public long acceptedNanos() {
    return acceptedNanos;
  }

  /// The answer: the sequence of each event, once it is durable.
  public CompletableFuture<long[]> sequences() {
    return sequences;
  }

  /// Answers that the events cannot be taken: they may or may not be durable.
  public void refuse(String reason) {
    sequences.completeExceptionally(new LogUnavailableException(reason));
  }
}
