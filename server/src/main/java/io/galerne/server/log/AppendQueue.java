package io.galerne.server.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The queue of appends that wait for the next commit: many producers, one consumer. Bounded by
/// bytes.
public final class AppendQueue {
  /// Capacity in bytes, so that a stalled disk or cluster does not fill the memory. A healthy one
  /// drains this in a fraction of a second.
  public static final long MOST_BYTES = 64L << 20;

  /// Limit of one commit in bytes: large enough to be worth a sync, small enough to answer soon.
  private static final long COMMIT_BYTES = 4L << 20;

  private static final int COMMIT_EVENTS = 8192;

  /// How long a commit waits for more appends. Publishers that were answered together send again
  /// together, and a sync for the first of them alone takes longer than this. A single publisher
  /// never waits.
  private static final long GATHER_NANOS = TimeUnit.MICROSECONDS.toNanos(250);

  /// The reason for refusing appends after the committing thread has died.
  public static final String STOPPED =
      "The log stopped after an internal error; restart the server";

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<PendingAppend> waiting = new ArrayDeque<>();
  private long bytes;
  private int events;

  /// The number of appends that are committed without waiting for more: half of the last commit's.
  private int enough = 1;

  private boolean closed;

  /// Adds an append at the tail.
  ///
  /// @return false if the queue is full or closed
  public boolean offer(PendingAppend append) {
    lock.lock();
    try {
      if (closed || (bytes > 0 && bytes + append.bytes() > MOST_BYTES)) {
        return false;
      }
      waiting.add(append);
      bytes += append.bytes();
      events += append.events().size();
      if (waiting.size() == 1 || waiting.size() == enough) {
        changed.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for appends and removes those of the next commit; empty if the timeout elapses.
  public List<PendingAppend> take(long timeoutNanos) throws InterruptedException {
    lock.lock();
    try {
      awaitAppends(1, timeoutNanos);
      awaitAppends(enough, waiting.isEmpty() || isFull() ? 0 : GATHER_NANOS);
      List<PendingAppend> group = new ArrayList<>();
      long groupBytes = 0;
      int groupEvents = 0;
      PendingAppend next = waiting.peek();
      while (next != null
          && (group.isEmpty()
              || (groupBytes + next.bytes() <= COMMIT_BYTES
                  && groupEvents + next.events().size() <= COMMIT_EVENTS))) {
        group.add(waiting.remove());
        groupBytes += next.bytes();
        groupEvents += next.events().size();
        next = waiting.peek();
      }
      bytes -= groupBytes;
      events -= groupEvents;
      enough = Math.max(1, group.size() / 2);
      return group;
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull() {
    return bytes >= COMMIT_BYTES || events >= COMMIT_EVENTS;
  }

  private void awaitAppends(int least, long timeoutNanos) throws InterruptedException {
    long left = timeoutNanos;
    while (waiting.size() < least && !closed && left > 0) {
      left = changed.awaitNanos(left);
    }
  }

  /// The number of events in the queue.
  public int events() {
    lock.lock();
    try {
      return events;
    } finally {
      lock.unlock();
    }
  }

  /// Whether it is closed and empty.
  public boolean isFinished() {
    lock.lock();
    try {
      return closed && waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// Closes the queue and refuses the appends that are still in it.
  public void refuseAll(String reason) {
    List<PendingAppend> refused;
    lock.lock();
    try {
      closed = true;
      refused = List.copyOf(waiting);
      waiting.clear();
      bytes = 0;
      events = 0;
    } finally {
      lock.unlock();
    }
    refused.forEach(append -> append.refuse(reason));
  }

  /// Accepts no more appends; those in the queue can still be taken.
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }
}
