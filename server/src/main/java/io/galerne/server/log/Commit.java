package io.galerne.server.log;

/// Events that became durable together, with contiguous sequences.
///
/// @param firstSequence the sequence of the first event
/// @param events the events, at least one
/// @param acceptedNanos `System.nanoTime()` when the oldest of them was appended
public record Commit(long firstSequence, EventRecord[] events, long acceptedNanos) {
  public int size() {
    return events.length;
  }

  /// The sequence of the event at this index, from 0.
  public long sequence(int i) {
    return firstSequence + i;
  }

  public long lastSequence() {
    return firstSequence + events.length - 1;
  }
}
