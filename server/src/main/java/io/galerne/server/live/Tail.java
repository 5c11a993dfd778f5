package io.galerne.server.live;

import static java.util.Objects.requireNonNull;

import io.galerne.server.log.Commit;
import org.jspecify.annotations.Nullable;

/// The end of the log in memory: the last commits, numbered from 0, bounded by count and bytes. The
/// committing thread adds; event loops read. Thread-safe.
final class Tail {
  /// Enough for a second of single publishes at full speed.
  private static final int MOST_COMMITS = 4096;

  /// Memory for recent commits: seconds of a busy log, so that a briefly delayed reader continues
  /// without the disk; less if the heap is small.
  private static final long MOST_BYTES = Math.min(48L << 20, Runtime.getRuntime().maxMemory() / 8);

  /// Empty slots are null, so that dropped commits can be collected at once.
  private final @Nullable RecentCommit[] ring = new RecentCommit[MOST_COMMITS];

  private long first;
  private long next;
  private long bytes;

  /// When the last dropped commit became visible; at first, when this object was created.
  private long droppedNanos = System.nanoTime();

  /// Adds a durable commit, and drops the oldest ones beyond the limits.
  synchronized void add(Commit commit) {
    RecentCommit recent = new RecentCommit(commit);
    while (next - first == MOST_COMMITS || (next > first && bytes + recent.weight() > MOST_BYTES)) {
      dropOldest();
    }
    ring[slot(next++)] = recent;
    bytes += recent.weight();
  }

  /// The commit of that number, which the caller releases; null if it was dropped or is not here
  /// yet.
  synchronized @Nullable RecentCommit acquire(long number) {
    if (number < first || number >= next) {
      return null;
    }
    RecentCommit commit = held(number);
    commit.retain();
    return commit;
  }

  /// The number of the oldest commit held.
  synchronized long first() {
    return first;
  }

  /// The first sequence held; all after it are held too.
  synchronized long firstSequence() {
    return first == next ? Long.MAX_VALUE : held(first).firstSequence();
  }

  /// The number of the commit that contains the sequence, or else of the first after it; -1 if not
  /// all events from the sequence on are held.
  synchronized long find(long sequence) {
    if (first == next || held(first).firstSequence() > sequence) {
      return -1;
    }
    long low = first;
    long high = next;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (held(middle).lastSequence() < sequence) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// The `System.nanoTime()` by which the event of that sequence was visible; exact while it is
  /// held.
  synchronized long visibleBy(long sequence) {
    long number = find(sequence);
    return number < 0 || number == next ? droppedNanos : held(number).addedNanos();
  }

  /// Drops all commits.
  synchronized void clear() {
    while (first < next) {
      dropOldest();
    }
  }

  private void dropOldest() {
    RecentCommit oldest = held(first);
    ring[slot(first++)] = null;
    bytes -= oldest.weight();
    droppedNanos = oldest.addedNanos();
    oldest.release();
  }

  private RecentCommit held(long number) {
    return requireNonNull(ring[slot(number)]);
  }

  private static int slot(long number) {
    return (int) (number & (MOST_COMMITS - 1));
  }
}
