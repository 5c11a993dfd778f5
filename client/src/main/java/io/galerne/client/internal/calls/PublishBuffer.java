package io.galerne.client.internal.calls;

import io.galerne.client.OutgoingEvent;
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

/// What a [io.galerne.client.BatchingPublisher] has been given and has not settled yet. Many threads
/// add; one takes.
public final class PublishBuffer {
  /// What an event takes in memory beside its text.
  private static final int ENTRY_BYTES = 256;

  /// An event that waits or is under way.
  ///
  /// @param bytes what it counts for
  /// @param since when it came, as `System.nanoTime()` has it
  public record Entry(
      OutgoingEvent event, long bytes, long since, CompletableFuture<Void> result) {}

  /// Who waits for everything up to a count of events.
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
  /// @return empty where there was none in time
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

  /// The next batch, once it is time; empty where this is closed and nothing is left.
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

  /// All that still waits.
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

  /// These are settled: there is room for others.
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

  /// Takes without delay what is there now.
  ///
  /// @return is done once that is settled
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

  /// Takes no more, and hands out the rest without delay.
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
