package io.galerne.client.internal.http;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// The client's clock and timers, so that tests can control time.
public interface Time {
  /// The system's clock.
  Time SYSTEM =
      new Time() {
        @Override
        public Instant now() {
          return Instant.now();
        }

        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public CompletableFuture<Void> after(Duration delay) {
          // Not on the common pool, whose threads may all be blocked waiting for this.
          Executor later =
              CompletableFuture.delayedExecutor(
                  Backoff.atMostForever(delay).toNanos(), TimeUnit.NANOSECONDS, Runnable::run);
          return CompletableFuture.runAsync(() -> {}, later);
        }
      };

  /// The wall-clock time.
  Instant now();

  /// A monotonic count of nanoseconds; only differences are meaningful.
  long nanos();

  /// Completes after the delay.
  CompletableFuture<Void> after(Duration delay);

  /// The time since [#nanos()] had this value.
  default Duration since(long nanos) {
    return Duration.ofNanos(nanos() - nanos);
  }
}
