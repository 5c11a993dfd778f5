package io.galerne.server.http.connection;

import io.galerne.server.live.SendBudget;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A connection's timeout, checked every few seconds, which is cheaper than a timer per request.
/// For the connection's event loop.
final class Deadline {
  /// Longest idle time between requests, and without progress of an answer.
  static final Duration IDLE = Duration.ofSeconds(75);

  /// Longest time for a request to arrive, so that slow senders do not hold connections forever.
  static final Duration ARRIVAL = Duration.ofSeconds(60);

  /// Longest time to answer a request.
  static final Duration ANSWER = Duration.ofSeconds(30);

  /// The same for a half-closed client, which is usually gone.
  static final Duration HALF_CLOSED_ANSWER = Duration.ofSeconds(5);

  /// Longest time without progress of an answer once the [SendBudget] is used up.
  static final Duration STALLED = Duration.ofSeconds(SendBudget.STALLED_SECONDS);

  private static final long CHECK_SECONDS = 5;

  private long atNanos;
  private @Nullable Future<?> checks;

  Deadline(Duration in) {
    set(in);
  }

  /// Starts the checks.
  ///
  /// @param check runs every few seconds, until [#cancel]
  void watch(EventExecutor loop, Runnable check) {
    checks = loop.scheduleWithFixedDelay(check, CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
  }

  void cancel() {
    if (checks != null) {
      checks.cancel(false);
    }
  }

  void set(Duration in) {
    atNanos = System.nanoTime() + in.toNanos();
  }

  /// Brings it forward, unless it is already earlier.
  void hurry(Duration in) {
    long soon = System.nanoTime() + in.toNanos();
    if (atNanos - soon > 0) {
      atNanos = soon;
    }
  }

  boolean hasPassed() {
    return System.nanoTime() - atNanos >= 0;
  }
}
