package io.galerne.client.internal.http;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// What the client wants to know of time, so that tests need not wait for it to pass.
public interface Time {
  /// The machine's own.
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
          // Not on the common pool, whose threads may all be blocked by those that wait for this.
          Executor later =
              CompletableFuture.delayedExecutor(
                  Backoff.atMostForever(delay).toNanos(), TimeUnit.NANOSECONDS, Runnable::run);
          return CompletableFuture.runAsync(() -> {}, later);
        }
      };

  /// What the calendar says.
  Instant now();

  /// A count of nanoseconds that never goes back; only differences mean anything.
  long nanos();

  /// Is done once so much time has passed.
  CompletableFuture<Void> after(Duration delay);

  /// How much time has passed since [#nanos()] was that.
  default Duration since(long nanos) {
    return Duration.ofNanos(nanos() - nanos);
  }
}
