package io.galerne.server.live;

import static java.util.Objects.requireNonNull;

import io.galerne.server.log.Commit;
import org.jspecify.annotations.Nullable;

/// The end of the log in memory: the last commits, numbered from 0, bounded by count and bytes.
/// The committing thread adds; event loops take. Safe for use by several threads.
final class Tail {
  /// Enough for a second of single publishes at full speed.
  private static final int MOST_COMMITS = 4096;

  /// What recent commits may take: seconds of a busy log, so that a reader that was held up for a
  /// moment continues without the disk; less if the heap is small.
  private static final long MOST_BYTES = Math.min(48L << 20, Runtime.getRuntime().maxMemory() / 8);

  /// Null if nothing is held, so that what was let go of is not kept until the ring comes round.
  private final @Nullable RecentCommit[] ring = new RecentCommit[MOST_COMMITS];

  private long first;
  private long next;
  private long bytes;

  /// When the last commit that is not here any more became visible, or else when this began.
  private long droppedNanos = System.nanoTime();

  /// Adds what became durable, and lets go of the oldest commits that are too many now.
  synchronized void add(Commit commit) {
    RecentCommit recent = new RecentCommit(commit);
    while (next - first == MOST_COMMITS || (next > first && bytes + recent.weight() > MOST_BYTES)) {
      dropOldest();
    }
    ring[slot(next++)] = recent;
    bytes += recent.weight();
  }

  /// The commit of that number, to be released; null if it is not here any more, or not yet.
  synchronized @Nullable RecentCommit acquire(long number) {
    if (number < first || number >= next) {
      return null;
    }
    RecentCommit commit = held(number);
    commit.retain();
    return commit;
  }

  /// The number of the oldest commit that is here.
  synchronized long first() {
    return first;
  }

  /// The sequence from which on everything is here.
  synchronized long firstSequence() {
    return first == next ? Long.MAX_VALUE : held(first).firstSequence();
  }

  /// The number of the commit that contains the sequence, or else of the first after it; -1 if
  /// what is behind the sequence is not here from its beginning.
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

  /// `System.nanoTime()` of when the event of that sequence was visible at the latest: exact while it
  /// is here.
  synchronized long visibleBy(long sequence) {
    long number = find(sequence);
    return number < 0 || number == next ? droppedNanos : held(number).addedNanos();
  }

  /// Lets go of everything.
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
