package io.galerne.server.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Where appends wait for the next commit: many threads put, one takes all that fit into one.
/// Bounded by bytes.
public final class AppendQueue {
  /// What may wait. A disk or a cluster that stops must not fill the memory; a healthy one empties this in a
  /// fraction of a second.
  public static final long MOST_BYTES = 64L << 20;

  /// What one commit takes: enough to make a sync worth while, little enough to answer soon.
  private static final long COMMIT_BYTES = 4L << 20;

  private static final int COMMIT_EVENTS = 8192;

  /// How long a commit waits for more appends. Publishers that were answered together send again
  /// together, and the first of them must not have a sync of its own, which takes longer than this. A
  /// publisher by itself never waits.
  private static final long GATHER_NANOS = TimeUnit.MICROSECONDS.toNanos(250);

  /// Why nothing is taken any more once the one thread that takes has ended.
  public static final String STOPPED =
      "The log stopped after an internal error; the server must be started again";

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<PendingAppend> waiting = new ArrayDeque<>();
  private long bytes;
  private int events;

  /// How many appends are worth a commit without waiting for more: half as many as the last had.
  private int enough = 1;

  private boolean closed;

  /// Adds an append after the others.
  ///
  /// @return whether there was room
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

  /// Waits for appends and takes those of the next commit; none if none arrived in time.
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

  /// How many events wait.
  public int events() {
    lock.lock();
    try {
      return events;
    } finally {
      lock.unlock();
    }
  }

  /// Whether it is closed and nothing is left to take.
  public boolean isFinished() {
    lock.lock();
    try {
      return closed && waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// Accepts nothing more, and refuses the appends that wait: no commit will take them.
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

  /// Accepts nothing more; what waits can still be taken.
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
