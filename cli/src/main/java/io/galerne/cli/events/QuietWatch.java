package io.galerne.cli.events;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Ends a wait after a limit. Used by one thread.
final class QuietWatch implements AutoCloseable {
  private final Duration longest;
  private final Runnable end;
  private final ScheduledThreadPoolExecutor timer;
  private volatile boolean over;

  /// @param end ends the wait, from another thread
  QuietWatch(Duration longest, Runnable end) {
    this.longest = longest;
    this.end = end;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("galerne-quiet").daemon().factory());
    timer.setRemoveOnCancelPolicy(true);
  }

  /// Runs a wait, and ends it after the limit.
  boolean during(BooleanSupplier wait) {
    Future<?> alarm = timer.schedule(this::ring, longest.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return wait.getAsBoolean();
    } finally {
      alarm.cancel(false);
    }
  }

  private void ring() {
    over = true;
    end.run();
  }

  /// Returns whether a wait reached the limit.
  boolean isOver() {
    return over;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
