package io.galerne.server.log.jetstream;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads that ended before they were through, for whoever goes on where they ended: a stream that is
/// behind, or a list, takes a piece at a time. Few, and not for long. Safe for use by several threads.
final class ParkedReads implements AutoCloseable {
  private static final int MOST = 32;
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ArrayDeque<Parked> parked = new ArrayDeque<>();
  private boolean closed;

  private record Parked(Selector selector, long position, ClusterRead events, long sinceNanos) {}

  /// Takes a read out that ended at this position, if there is one that can go on.
  synchronized @Nullable ClusterRead take(Selector selector, long position) {
    closeOld(); // the cluster may have dropped their consumers
    for (Iterator<Parked> each = parked.iterator(); each.hasNext(); ) {
      Parked read = each.next();
      if (read.position() == position && read.selector().patterns().equals(selector.patterns())) {
        each.remove();
        if (!read.events().isBroken()) {
          return read.events();
        }
        read.events().close();
      }
    }
    return null;
  }

  /// Keeps a read for a while.
  synchronized void park(Selector selector, long position, ClusterRead events) {
    if (closed) {
      events.close();
      return;
    }
    parked.addLast(new Parked(selector, position, events, System.nanoTime()));
    if (parked.size() > MOST) {
      parked.removeFirst().events().close();
    }
  }

  /// Closes those that nobody came for.
  synchronized void closeOld() {
    long now = System.nanoTime();
    while (!parked.isEmpty() && now - parked.getFirst().sinceNanos() > MOST_NANOS) {
      parked.removeFirst().events().close();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    parked.forEach(read -> read.events().close());
    parked.clear();
  }
}
