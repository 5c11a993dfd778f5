package io.galerne.server.live;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The events that a stream begins with, instead of the log's events up to a sequence. Drops events
/// that the stream has passed. For one thread at a time.
public final class Snapshot {
  private final NavigableMap<Long, EventRecord> events;
  private final long head;
  private final long bytes;

  /// @param events by sequence, none above `head`
  /// @param head the sequence after which the stream continues from the log
  public Snapshot(NavigableMap<Long, EventRecord> events, long head) {
    this.events = new TreeMap<>(events);
    this.head = head;
    this.bytes = events.values().stream().mapToLong(EventRecord::length).sum();
  }

  /// The first sequence of the stream.
  public long first() {
    return events.isEmpty() ? head + 1 : events.firstKey();
  }

  /// The initial size of its events in bytes.
  public long bytes() {
    return bytes;
  }

  /// Whether a reader at that position reads from here.
  boolean covers(long position) {
    return position <= head;
  }

  /// Visits events as [io.galerne.server.log.EventLog#read] does.
  long read(long from, EventVisitor visitor) {
    events.headMap(from, false).clear();
    for (Map.Entry<Long, EventRecord> event : events.entrySet()) {
      switch (visitor.visit(event.getKey(), event.getValue())) {
        case TAKEN -> {}
        case LAST -> {
          return event.getKey() + 1;
        }
        case REFUSED -> {
          return event.getKey();
        }
      }
    }
    events.clear();
    return head + 1;
  }
}
