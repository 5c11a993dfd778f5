package io.galerne.client.internal.http;

import io.galerne.client.Retries;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// Computes backoff delays and validates their settings.
public final class Backoff {
  /// Longer settings mean the same: forever. It can be added and converted to nanoseconds without
  /// overflow.
  public static final Duration FOREVER = Duration.ofDays(36_500);

  /// The maximum jitter of a wait, so that clients that failed together do not retry together.
  private static final int JITTER_MILLIS = 1000;

  private Backoff() {}

  /// `initial` times `multiplier` to the power of `tries`, at most `max`.
  public static Duration interval(Duration initial, Duration max, double multiplier, int tries) {
    double millis = initial.toMillis() * Math.pow(multiplier, tries);
    return millis >= max.toMillis() ? max : Duration.ofMillis((long) millis);
  }

  /// The wait before the next retry, with jitter.
  public static Duration delay(Retries retries, int before, RandomGenerator random) {
    Duration delay =
        interval(retries.initialDelay(), retries.maxDelay(), retries.multiplier(), before)
            .plusMillis(random.nextInt(JITTER_MILLIS + 1));
    return delay.compareTo(retries.maxDelay()) < 0 ? delay : retries.maxDelay();
  }

  /// A setting that is a duration, [#FOREVER] at most.
  ///
  /// @throws IllegalArgumentException if it is zero or negative
  public static Duration requirePositive(Duration value, String name) {
    if (value.isZero()) {
      throw new IllegalArgumentException(name + " must be longer than zero");
    }
    return requireNotNegative(value, name);
  }

  /// A setting that is a duration, [#FOREVER] at most.
  ///
  /// @throws IllegalArgumentException if it is negative
  public static Duration requireNotNegative(Duration value, String name) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative, but is " + value);
    }
    return atMostForever(value);
  }

  public static Duration atMostForever(Duration value) {
    return value.compareTo(FOREVER) < 0 ? value : FOREVER;
  }

  public static double requireMultiplier(double multiplier) {
    if (!(multiplier >= 1 && multiplier <= 100)) {
      throw new IllegalArgumentException(
          "multiplier must be between 1 and 100, but is " + multiplier);
    }
    return multiplier;
  }

  /// A setting that bounds attempts.
  ///
  /// @param off what to use for no attempts
  public static int requireAttempts(int maxAttempts, String off) {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException(
          "maxAttempts must be at least 1, but is " + maxAttempts + "; or use " + off);
    }
    return maxAttempts;
  }
}
