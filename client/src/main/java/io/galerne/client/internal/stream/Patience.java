package io.galerne.client.internal.stream;

import io.galerne.client.Reconnection;
import io.galerne.client.internal.http.Backoff;
import io.galerne.client.internal.http.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Computes the waits between a stream's reconnections, and when to give up. For one thread.
final class Patience {
  private final Reconnection limits;
  private final Time time;
  private final RandomGenerator random;

  private int attempts;
  private long failingSince;
  private Duration floor = Duration.ZERO;

  Patience(Reconnection limits, Time time, RandomGenerator random) {
    this.limits = limits;
    this.time = time;
    this.random = random;
  }

  /// Records that the stream made progress.
  void progress() {
    attempts = 0;
  }

  /// Records the end of a connection that was opened at this time. A long one counts as progress,
  /// even if nothing arrived.
  void ended(long openedNanos) {
    if (time.since(openedNanos).compareTo(limits.maxDelay()) >= 0) {
      progress();
    }
  }

  /// Sets the minimum wait that the server asked for (`retry:`).
  void floor(Duration asked) {
    floor = bounded(asked);
  }

  /// The number of attempts since the last progress.
  int attempts() {
    return attempts;
  }

  /// The wait before the next attempt; empty to give up, but never before the first attempt.
  ///
  /// @param asked the minimum wait that the response asked for (`Retry-After`)
  Optional<Duration> next(Optional<Duration> asked) {
    if (attempts == 0) {
      failingSince = time.nanos();
    }
    if (attempts >= limits.maxAttempts()) {
      return Optional.empty();
    }
    Duration bound =
        Backoff.interval(limits.initialDelay(), limits.maxDelay(), limits.multiplier(), attempts);
    Duration delay = Duration.ofMillis(random.nextLong(bound.toMillis() + 1));
    delay = longer(longer(delay, floor), bounded(asked.orElse(Duration.ZERO)));
    Duration left = limits.maxElapsedTime().minus(time.since(failingSince));
    if (delay.compareTo(left) > 0) {
      if (attempts > 0) {
        return Optional.empty();
      }
      delay = left;
    }
    attempts++;
    return Optional.of(delay);
  }

  private static Duration bounded(Duration asked) {
    return asked.compareTo(Reconnection.MAX_ASKED_DELAY) < 0 ? asked : Reconnection.MAX_ASKED_DELAY;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
