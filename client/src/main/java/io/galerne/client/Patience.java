package io.galerne.client;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// How long a stream waits before it connects again, and when it has waited in vain for too long.
/// For one thread.
final class Patience {
  private final Reconnection limits;
  private final Time time;
  private final RandomGenerator random;

  private int attempts;
  private long inVainSince;
  private Duration floor = Duration.ZERO;

  Patience(Reconnection limits, Time time, RandomGenerator random) {
    this.limits = limits;
    this.time = time;
    this.random = random;
  }

  /// The stream got on.
  void progress() {
    attempts = 0;
  }

  /// A connection has ended that was opened then. One that held for long was good, even where
  /// there was nothing to say.
  void ended(long openedNanos) {
    if (time.since(openedNanos).compareTo(limits.maxDelay()) >= 0) {
      progress();
    }
  }

  /// What the server asks to wait before any reconnection (`retry:`).
  void floor(Duration floor) {
    this.floor = floor;
  }

  /// How often it has tried in vain.
  int attempts() {
    return attempts;
  }

  /// The wait before the next try; empty where it is time to give up.
  ///
  /// @param asked what the answer asked to wait at least
  Optional<Duration> next(Optional<Duration> asked) {
    if (attempts == 0) {
      inVainSince = time.nanos();
    }
    if (attempts >= limits.maxAttempts()) {
      return Optional.empty();
    }
    Duration bound =
        Backoff.interval(limits.initialDelay(), limits.maxDelay(), limits.exponent(), attempts);
    Duration delay = Duration.ofMillis(random.nextLong(bound.toMillis() + 1));
    delay = longer(longer(delay, floor), asked.orElse(Duration.ZERO));
    if (time.since(inVainSince).plus(delay).compareTo(limits.maxElapsedTime()) > 0) {
      return Optional.empty();
    }
    attempts++;
    return Optional.of(delay);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
