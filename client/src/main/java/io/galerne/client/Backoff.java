package io.galerne.client;

import java.time.Duration;

/// How waits grow from try to try.
final class Backoff {
  private Backoff() {}

  /// `initial` times `exponent` to the power of `tries`, and never more than `max`.
  static Duration interval(Duration initial, Duration max, double exponent, int tries) {
    double millis = initial.toMillis() * Math.pow(exponent, tries);
    return millis >= max.toMillis() ? max : Duration.ofMillis((long) millis);
  }

  static Duration requirePositive(Duration value, String name) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be more than nothing, but is " + value);
    }
    return value;
  }

  static double requireAtLeastOne(double exponent) {
    if (!(exponent >= 1 && exponent <= 100)) {
      throw new IllegalArgumentException("exponent must be between 1 and 100, but is " + exponent);
    }
    return exponent;
  }
}
