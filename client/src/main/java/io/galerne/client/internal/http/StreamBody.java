package io.galerne.client.internal.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The body of a stream: passes bytes from the thread that reads the socket to the one that parses
/// them.
///
/// Read-ahead is bounded; beyond that, TCP backpressure makes the server wait. `next` is for one
/// thread; any thread may call `close`, which wakes it at once.
public final class StreamBody implements BodySubscriber<AnswerBody>, AnswerBody {
  /// Why the body ended.
  public enum EndKind {
    /// The server ended the body cleanly.
    CLEAN,
    /// The connection broke.
    CUT,
    /// Nothing arrived for too long.
    SILENCE,
    /// This side closed the connection.
    CLOSED
  }

  /// The end of a body.
  ///
  /// @param cause null, except for some broken connections
  public record End(EndKind kind, @Nullable Throwable cause) {}

  /// The read-ahead: at most this many chunks of at most 16 KiB each, the HTTP client's read size.
  private static final int HAND_OVERS_AHEAD = 8;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private List<ByteBuffer> arrived = new ArrayList<>();
  private int handOvers;
  private @Nullable End end;
  private Flow.@Nullable Subscription subscription;

  @Override
  public CompletionStage<AnswerBody> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    lock.lock();
    try {
      this.subscription = subscription;
      if (end != null) {
        subscription.cancel();
        return;
      }
    } finally {
      lock.unlock();
    }
    subscription.request(HAND_OVERS_AHEAD);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    lock.lock();
    try {
      arrived.addAll(buffers);
      handOvers++;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onError(Throwable failure) {
    end(new End(EndKind.CUT, failure));
  }

  @Override
  public void onComplete() {
    end(new End(EndKind.CLEAN, null));
  }

  private void end(End how) {
    lock.lock();
    try {
      if (end == null) {
        end = how;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits for bytes and returns all that have arrived; empty at the end, or if nothing arrived
  /// until `enough` was done. [#hasEnded()] tells which.
  ///
  /// @param enough ends the wait, but not the body
  public List<ByteBuffer> next(Duration silence, CompletableFuture<?> enough)
      throws InterruptedException {
    enough.thenRun(this::wake);
    List<ByteBuffer> taken;
    int demand;
    Flow.Subscription from;
    lock.lockInterruptibly();
    try {
      long left = silence.toNanos();
      while (arrived.isEmpty() && end == null && left > 0 && !enough.isDone()) {
        left = changed.awaitNanos(left);
      }
      if (arrived.isEmpty() && end == null && left <= 0) {
        end = new End(EndKind.SILENCE, null);
      }
      if (arrived.isEmpty() || (end != null && end.kind() == EndKind.CLOSED)) {
        return List.of();
      }
      taken = arrived;
      demand = handOvers;
      from = subscription;
      arrived = new ArrayList<>();
      handOvers = 0;
    } finally {
      lock.unlock();
    }
    if (from != null) {
      from.request(demand);
    }
    return taken;
  }

  private void wake() {
    lock.lock();
    try {
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Whether the body has ended; [#end()] says why.
  public boolean hasEnded() {
    lock.lock();
    try {
      return end != null;
    } finally {
      lock.unlock();
    }
  }

  /// Why the body ended.
  ///
  /// @throws IllegalStateException if the body has not ended
  public End end() {
    lock.lock();
    try {
      if (end == null) {
        throw new IllegalStateException("The body has not ended");
      }
      return end;
    } finally {
      lock.unlock();
    }
  }

  /// Closes the connection and drops unread bytes.
  public void close() {
    Flow.Subscription open;
    lock.lock();
    try {
      end = new End(EndKind.CLOSED, null);
      arrived = new ArrayList<>();
      open = subscription;
      changed.signal();
    } finally {
      lock.unlock();
    }
    if (open != null) {
      open.cancel();
    }
  }
}
