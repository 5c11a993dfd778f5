package io.galerne.client.internal.calls;

import io.galerne.client.publish.OutgoingEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The buffer of a [io.galerne.client.publish.BatchingPublisher]: its unsettled events. Many threads
/// add; one takes.
public final class PublishBuffer {
  /// An event's memory besides its text.
  private static final int ENTRY_BYTES = 256;

  /// A waiting or in-flight event.
  ///
  /// @param bytes its size in the buffer
  /// @param since when it was added, in `System.nanoTime()`
  public record Entry(
      OutgoingEvent event, long bytes, long since, CompletableFuture<Void> result) {}

  /// A flush that waits until this many events are settled.
  private record Flush(long upTo, CompletableFuture<Void> done) {}

  private final long maxBytes;
  private final int maxBatchEvents;
  private final long maxBatchBytes;
  private final long maxDelayNanos;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition work = lock.newCondition();

  // Guarded by the lock.
  private final Deque<Entry> waiting = new ArrayDeque<>();
  private final List<Flush> flushes = new ArrayList<>();
  private long waitingBytes;
  private long heldBytes;
  private long added;
  private long taken;
  private long settled;
  private long hurryUpTo;
  private boolean closed;

  public PublishBuffer(long maxBytes, int maxBatchEvents, long maxBatchBytes, Duration maxDelay) {
    this.maxBytes = maxBytes;
    this.maxBatchEvents = maxBatchEvents;
    this.maxBatchBytes = maxBatchBytes;
    this.maxDelayNanos = maxDelay.toNanos();
  }

  /// Adds an event once there is room.
  ///
  /// @return empty if there was no room in time
  public Optional<CompletableFuture<Void>> add(OutgoingEvent event, long atMostNanos)
      throws InterruptedException {
    long bytes = size(event) + ENTRY_BYTES;
    if (bytes > maxBytes) {
      throw new IllegalArgumentException(
          "An event of " + bytes + " bytes is larger than maxBufferedBytes, " + maxBytes);
    }
    lock.lockInterruptibly();
    try {
      long left = atMostNanos;
      while (!closed && heldBytes + bytes > maxBytes) {
        if (left <= 0) {
          return Optional.empty();
        }
        left = room.awaitNanos(left);
      }
      if (closed) {
        throw new IllegalStateException("This publisher is closed");
      }
      Entry entry = new Entry(event, bytes, System.nanoTime(), new CompletableFuture<>());
      waiting.add(entry);
      waitingBytes += bytes;
      heldBytes += bytes;
      added++;
      work.signal();
      return Optional.of(entry.result());
    } finally {
      lock.unlock();
    }
  }

  private static long size(OutgoingEvent event) {
    String text = Calls.item(event);
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  /// Waits for the next batch; empty if the buffer is closed and nothing is left.
  public List<Entry> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !closed) {
        work.await();
      }
      long left = untilDue();
      while (left > 0) {
        work.await(left, TimeUnit.NANOSECONDS);
        left = untilDue();
      }
      return batch();
    } finally {
      lock.unlock();
    }
  }

  private long untilDue() {
    boolean due =
        waiting.isEmpty()
            || closed
            || taken < hurryUpTo
            || waiting.size() >= maxBatchEvents
            || waitingBytes >= maxBatchBytes;
    return due ? 0 : waiting.getFirst().since() + maxDelayNanos - System.nanoTime();
  }

  private List<Entry> batch() {
    List<Entry> batch = new ArrayList<>();
    long bytes = 0;
    while (!waiting.isEmpty() && batch.size() < maxBatchEvents) {
      long next = waiting.getFirst().bytes();
      if (!batch.isEmpty() && bytes + next > maxBatchBytes) {
        break;
      }
      bytes += next;
      batch.add(waiting.removeFirst());
    }
    waitingBytes -= bytes;
    taken += batch.size();
    return batch;
  }

  /// Removes and returns all waiting events.
  public List<Entry> drain() {
    lock.lock();
    try {
      List<Entry> rest = new ArrayList<>(waiting);
      waiting.clear();
      waitingBytes = 0;
      taken += rest.size();
      return rest;
    } finally {
      lock.unlock();
    }
  }

  /// Frees the space of settled events.
  public void release(List<Entry> entries) {
    List<Flush> done;
    lock.lock();
    try {
      heldBytes -= entries.stream().mapToLong(Entry::bytes).sum();
      settled += entries.size();
      done = flushes.stream().filter(flush -> flush.upTo() <= settled).toList();
      flushes.removeAll(done);
      room.signalAll();
    } finally {
      lock.unlock();
    }
    done.forEach(flush -> flush.done().complete(null));
  }

  /// Makes the events added so far available without delay.
  ///
  /// @return completes once they are settled
  public CompletableFuture<Void> flush() {
    lock.lock();
    try {
      CompletableFuture<Void> done = new CompletableFuture<>();
      hurryUpTo = added;
      work.signal();
      if (settled >= added) {
        done.complete(null);
      } else {
        flushes.add(new Flush(added, done));
      }
      return done;
    } finally {
      lock.unlock();
    }
  }

  /// Accepts no more events, and makes the rest available without delay.
  public void close() {
    lock.lock();
    try {
      closed = true;
      work.signal();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
