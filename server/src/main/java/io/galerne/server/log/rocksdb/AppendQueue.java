package io.galerne.server.log.rocksdb;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Where appends wait for the next commit: many threads put, one takes all that fit into one.
/// Bounded by bytes.
final class AppendQueue {
  /// What may wait. A disk that stops must not fill the memory; a healthy one empties this in a
  /// fraction of a second.
  static final long MOST_BYTES = 64L << 20;

  /// What one commit takes: enough to make a sync worth while, little enough to answer soon.
  private static final long COMMIT_BYTES = 4L << 20;

  private static final int COMMIT_EVENTS = 8192;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final ArrayDeque<PendingAppend> waiting = new ArrayDeque<>();
  private long bytes;
  private int events;
  private boolean closed;

  /// Puts an append behind the others.
  ///
  /// @return whether there was room
  boolean offer(PendingAppend append) {
    lock.lock();
    try {
      if (closed || (bytes > 0 && bytes + append.bytes > MOST_BYTES)) {
        return false;
      }
      waiting.add(append);
      bytes += append.bytes;
      events += append.events.size();
      notEmpty.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for appends and takes those of the next commit; none where none came in time.
  List<PendingAppend> take(long timeoutNanos) throws InterruptedException {
    lock.lock();
    try {
      long left = timeoutNanos;
      while (waiting.isEmpty() && !closed && left > 0) {
        left = notEmpty.awaitNanos(left);
      }
      List<PendingAppend> group = new ArrayList<>();
      long groupBytes = 0;
      int groupEvents = 0;
      PendingAppend next = waiting.peek();
      while (next != null
          && (group.isEmpty()
              || (groupBytes + next.bytes <= COMMIT_BYTES
                  && groupEvents + next.events.size() <= COMMIT_EVENTS))) {
        group.add(waiting.remove());
        groupBytes += next.bytes;
        groupEvents += next.events.size();
        next = waiting.peek();
      }
      bytes -= groupBytes;
      events -= groupEvents;
      return group;
    } finally {
      lock.unlock();
    }
  }

  int events() {
    lock.lock();
    try {
      return events;
    } finally {
      lock.unlock();
    }
  }

  /// Whether it is closed and nothing is left to take.
  boolean isFinished() {
    lock.lock();
    try {
      return closed && waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// Takes nothing more; what waits can still be taken.
  void close() {
    lock.lock();
    try {
      closed = true;
      notEmpty.signal();
    } finally {
      lock.unlock();
    }
  }
}
