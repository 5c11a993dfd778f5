package io.galerne.server.log;

/// Events that became durable together, in ascending order of their sequences.
///
/// @param sequences the sequence of each event
/// @param events the events; as many as sequences
/// @param acceptedNanos `System.nanoTime()` of when the oldest of them was handed to the log
public record Commit(long[] sequences, EventRecord[] events, long acceptedNanos) {
  public int size() {
    return events.length;
  }

  public long firstSequence() {
    return sequences[0];
  }

  public long lastSequence() {
    return sequences[sequences.length - 1];
  }
}
