package io.galerne.server.live;

import io.galerne.server.log.EventRecord;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An LRU cache of large events that are being sent in parts, so that the next part needs no read
/// of the log. Events of stalled readers are evicted first, so they take no room from others.
/// Thread-safe.
public final class LargeEvents {
  /// Room for a few of the largest events.
  private static final long MOST_BYTES = Math.min(32L << 20, Runtime.getRuntime().maxMemory() / 16);

  private final Map<Long, EventRecord> bySequence = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  LargeEvents() {}

  /// Caches a copy of an event.
  public void keep(long sequence, EventRecord event) {
    int start = event.start();
    byte[] copy = Arrays.copyOfRange(event.bytes(), start, start + event.length());
    add(sequence, new EventRecord(copy, 0, copy.length));
  }

  private synchronized void add(long sequence, EventRecord event) {
    if (bySequence.putIfAbsent(sequence, event) == null) {
      bytes += event.length();
    }
    var oldest = bySequence.values().iterator();
    while (bytes > MOST_BYTES && bySequence.size() > 1) {
      bytes -= oldest.next().length();
      oldest.remove();
    }
  }

  /// The event of that sequence; null if it is not cached.
  public synchronized @Nullable EventRecord get(long sequence) {
    return bySequence.get(sequence);
  }
}
