package io.galerne.server.log.jetstream;

import io.galerne.server.log.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// How far this node has followed the stream, who waits for that, and whether the cluster is there.
/// Safe for use by several threads: [Follower] moves it, anyone asks.
final class Progress {
  /// How long the cluster may be away before the node says that it is. Choosing a new leader takes
  /// seconds, and nobody needs to know.
  private static final long AWAY_NANOS = TimeUnit.SECONDS.toNanos(6);

  /// How long a reader waits who has come further than this node: another is a moment ahead, most
  /// often.
  private static final long MOST_WAITED_MILLIS = 1000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /// Every message up to it has been seen.
  private long last;

  /// The end of the last whole batch, or the last fence: what is behind it is no event yet.
  private long settled;

  private @Nullable Fence fence;
  private long contactNanos = System.nanoTime();
  private String trouble = "The NATS cluster does not answer";

  /// Why nothing is followed any more; empty while it is.
  private String lost = "";

  /// Why nothing is published any more; empty while it is.
  private String stopped = "";

  private @Nullable Publishing publishing;
  private final List<Waiting> waiting = new ArrayList<>();
  private boolean closed;

  /// Somebody who waits until this sequence has been seen.
  private record Waiting(long sequence, CompletableFuture<Void> seen) {}

  /// A batch that this node is publishing.
  private record Publishing(long first, long acceptedNanos) {}

  /// What this node knows of the end of the stream.
  ///
  /// @param settled the end of the last whole batch, or the last fence
  /// @param last the last sequence; beyond `settled` where a batch is coming in, or broken
  /// @param fence what the message at `settled` says, if it is a fence
  record End(long settled, long last, @Nullable Fence fence) {}

  End end() {
    lock.lock();
    try {
      return new End(settled, last, fence);
    } finally {
      lock.unlock();
    }
  }

  /// Everything up to this sequence has been seen, and is events or a fence.
  void settled(long sequence, @Nullable Fence seen) {
    lock.lock();
    try {
      last = sequence;
      settled = sequence;
      fence = seen;
    } finally {
      lock.unlock();
    }
  }

  /// Everything up to this sequence has been seen; the last of it is no event yet.
  void unsettled(long sequence) {
    lock.lock();
    try {
      last = sequence;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until something behind this sequence has been seen and shown.
  ///
  /// @return whether it has
  boolean awaitBeyond(long sequence, long timeoutNanos) throws InterruptedException {
    lock.lock();
    try {
      long left = timeoutNanos;
      while (last <= sequence && left > 0 && !closed) {
        left = changed.awaitNanos(left);
      }
      return last > sequence;
    } finally {
      lock.unlock();
    }
  }

  /// Completes once every event up to this sequence has been seen, or after a second; at once where
  /// nothing is followed any more. A batch that is still coming in holds no event for this node.
  CompletableFuture<Void> seen(long sequence) {
    lock.lock();
    try {
      if (settled >= sequence || !lost.isEmpty()) {
        return CompletableFuture.completedFuture(null);
      }
      CompletableFuture<Void> seen = new CompletableFuture<>();
      waiting.add(new Waiting(sequence, seen));
      return seen.completeOnTimeout(null, MOST_WAITED_MILLIS, TimeUnit.MILLISECONDS);
    } finally {
      lock.unlock();
    }
  }

  /// Notes when the events were accepted that this node is about to publish from this sequence on.
  void publishing(long first, long nanos) {
    lock.lock();
    try {
      publishing = new Publishing(first, nanos);
    } finally {
      lock.unlock();
    }
  }

  /// When the events of the batch were accepted that begins at this sequence; now, where another node
  /// has published it.
  long acceptedNanos(long first) {
    lock.lock();
    try {
      Publishing own = publishing;
      return own != null && own.first() == first ? own.acceptedNanos() : System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /// Notes that the cluster has answered, and wakes who waits for what has been seen.
  void touch() {
    List<Waiting> done = new ArrayList<>();
    lock.lock();
    try {
      contactNanos = System.nanoTime();
      changed.signalAll();
      if (!waiting.isEmpty()) {
        waiting.removeIf(each -> each.seen().isDone());
        waiting.stream().filter(each -> each.sequence() <= settled).forEach(done::add);
      }
    } finally {
      lock.unlock();
    }
    done.forEach(each -> each.seen().complete(null));
  }

  /// How long ago the cluster has last answered.
  long silenceNanos() {
    lock.lock();
    try {
      return System.nanoTime() - contactNanos;
    } finally {
      lock.unlock();
    }
  }

  /// Notes why the stream cannot be followed now.
  void failed(String reason) {
    lock.lock();
    try {
      trouble = reason;
      waiting.removeIf(each -> each.seen().isDone());
    } finally {
      lock.unlock();
    }
  }

  /// Notes why the stream is not followed any more, until the node is started again.
  void lost(String reason) {
    lock.lock();
    try {
      lost = reason;
    } finally {
      lock.unlock();
    }
  }

  /// Notes why nothing is published any more, until the node is started again.
  void stopped(String reason) {
    lock.lock();
    try {
      stopped = reason;
    } finally {
      lock.unlock();
    }
  }

  /// Whether events can be published: the cluster is there, and has kept what it had.
  Health health() {
    lock.lock();
    try {
      if (!lost.isEmpty()) {
        return new Health(false, lost);
      }
      if (!stopped.isEmpty()) {
        return new Health(false, stopped);
      }
      boolean away = System.nanoTime() - contactNanos > AWAY_NANOS;
      return away ? new Health(false, trouble) : Health.READY;
    } finally {
      lock.unlock();
    }
  }

  /// Ends all waiting.
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }
}
