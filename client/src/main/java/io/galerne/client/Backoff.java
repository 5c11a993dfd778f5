package io.galerne.client;

import java.time.Duration;

/// How waits grow from try to try, and which durations and exponents may be set.
final class Backoff {
  /// A longer setting means the same as this: forever. It can be added, and counted in nanoseconds,
  /// without an overflow.
  static final Duration FOREVER = Duration.ofDays(36_500);

  private Backoff() {}

  /// `initial` times `exponent` to the power of `tries`, and never more than `max`.
  static Duration interval(Duration initial, Duration max, double exponent, int tries) {
    double millis = initial.toMillis() * Math.pow(exponent, tries);
    return millis >= max.toMillis() ? max : Duration.ofMillis((long) millis);
  }

  /// A setting that is a duration, [#FOREVER] at most.
  ///
  /// @throws IllegalArgumentException if it is zero or negative
  static Duration requirePositive(Duration value, String name) {
    if (value.isZero()) {
      throw new IllegalArgumentException(name + " must be longer than zero");
    }
    return requireNotNegative(value, name);
  }

  /// A setting that is a duration, [#FOREVER] at most.
  ///
  /// @throws IllegalArgumentException if it is negative
  static Duration requireNotNegative(Duration value, String name) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative, but is " + value);
    }
    return atMostForever(value);
  }

  static Duration atMostForever(Duration value) {
    return value.compareTo(FOREVER) < 0 ? value : FOREVER;
  }

  static double requireAtLeastOne(double exponent) {
    if (!(exponent >= 1 && exponent <= 100)) {
      throw new IllegalArgumentException("exponent must be between 1 and 100, but is " + exponent);
    }
    return exponent;
  }
}
