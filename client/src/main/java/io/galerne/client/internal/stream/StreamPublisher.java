package io.galerne.client.internal.stream;

import io.galerne.client.internal.http.Transport;
import io.galerne.protocol.StreamEvent;
import java.util.Iterator;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Publishes a separate stream to each subscriber, read by its own thread. Without demand, that
/// thread and the socket wait, and so does the server.
public final class StreamPublisher implements Flow.Publisher<StreamEvent> {
  private static final AtomicInteger THREADS = new AtomicInteger();

  private final StreamPlan plan;
  private final Transport transport;

  public StreamPublisher(StreamPlan plan, Transport transport) {
    this.plan = plan;
    this.transport = transport;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super StreamEvent> subscriber) {
    Subscription subscription = new Subscription(subscriber);
    subscriber.onSubscribe(subscription);
    try {
      transport.settings().run("galerne-stream-" + THREADS.incrementAndGet(), subscription::run);
    } catch (Throwable e) { // such as a closed executor, or no more threads
      subscription.fail(e);
    }
  }

  /// One subscriber. The lock guards what the subscriber's threads and the reading thread share.
  private final class Subscription implements Flow.Subscription {
    private final Flow.Subscriber<? super StreamEvent> subscriber;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private long demand;
    private boolean cancelled;
    private @Nullable IllegalArgumentException badRequest;
    private @Nullable ReconnectingStream stream;

    private Subscription(Flow.Subscriber<? super StreamEvent> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long count) {
      lock.lock();
      try {
        if (count <= 0) {
          badRequest =
              new IllegalArgumentException("A subscriber must request at least 1, not " + count);
          if (stream != null) {
            stream.close();
          }
        } else {
          demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
        }
        changed.signal();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void cancel() {
      lock.lock();
      try {
        cancelled = true;
        if (stream != null) {
          stream.close();
        }
        changed.signal();
      } finally {
        lock.unlock();
      }
    }

    private void run() {
      try (ReconnectingStream opened = ReconnectingStream.open(plan, transport)) {
        read(opened);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        fail(e);
      } catch (Throwable e) { // the subscriber waits for the outcome
        fail(e);
      }
    }

    /// Reads one event ahead of the demand, so that the end of the stream is reported even if the
    /// subscriber requested exactly the available events.
    private void read(ReconnectingStream opened) throws InterruptedException {
      share(opened);
      Iterator<StreamEvent> events = opened.iterator();
      while (events.hasNext() && isWanted(opened)) {
        subscriber.onNext(events.next());
      }
      if (badRequest() != null) {
        throw badRequest();
      }
      if (!isCancelled()) {
        subscriber.onComplete();
      }
    }

    private void share(ReconnectingStream opened) {
      lock.lock();
      try {
        stream = opened;
        if (cancelled || badRequest != null) {
          opened.close();
        }
      } finally {
        lock.unlock();
      }
      opened.whenClosed(this::wake);
    }

    private void wake() {
      lock.lock();
      try {
        changed.signal();
      } finally {
        lock.unlock();
      }
    }

    /// Waits until an event is requested, or the stream or its client is closed.
    ///
    /// @return false if no event will be requested
    private boolean isWanted(ReconnectingStream opened) throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while (demand == 0 && !cancelled && badRequest == null && opened.ending().isEmpty()) {
          changed.await();
        }
        boolean wanted = demand > 0 && !cancelled && badRequest == null;
        if (wanted && demand < Long.MAX_VALUE) {
          demand--;
        }
        return wanted;
      } finally {
        lock.unlock();
      }
    }

    private @Nullable IllegalArgumentException badRequest() {
      lock.lock();
      try {
        return badRequest;
      } finally {
        lock.unlock();
      }
    }

    private boolean isCancelled() {
      lock.lock();
      try {
        return cancelled;
      } finally {
        lock.unlock();
      }
    }

    private void fail(Throwable failure) {
      if (!isCancelled()) {
        subscriber.onError(failure);
      }
    }
  }
}
