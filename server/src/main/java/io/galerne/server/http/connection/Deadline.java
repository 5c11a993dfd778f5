package io.galerne.server.http.connection;

import io.galerne.server.live.SendBudget;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Until when a connection may stay as it is. It is looked at every few seconds, which costs less than
/// a timer for each request. For the connection's event loop.
final class Deadline {
  /// How long a connection may say nothing between two requests, and take nothing of an answer.
  static final Duration IDLE = Duration.ofSeconds(75);

  /// How long a request may take to arrive: slow senders must not hold connections forever.
  static final Duration ARRIVAL = Duration.ofSeconds(60);

  /// How long a request may take to be answered.
  static final Duration ANSWER = Duration.ofSeconds(30);

  /// The same for a client that has ended its side of the connection: most often it is gone.
  static final Duration HALF_CLOSED_ANSWER = Duration.ofSeconds(5);

  /// How long a client may take nothing of an answer once the budget of all answers is used up.
  static final Duration STALLED = Duration.ofSeconds(SendBudget.STALLED_SECONDS);

  private static final long CHECK_SECONDS = 5;

  private long atNanos;
  private @Nullable Future<?> checks;

  Deadline(Duration in) {
    set(in);
  }

  /// Begins to look at it.
  ///
  /// @param check is run every few seconds, until [#cancel]
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

  /// Moves it forward, unless it is earlier already.
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
