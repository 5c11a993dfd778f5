package io.galerne.spring;

import java.time.Duration;

/// What all listeners of an application have in common. Immutable.
///
/// @param autoStartup whether consumers start with the application
/// @param createTables whether the two tables are created if they are missing
/// @param lease after how long without a sign of life from the active instance another one takes over
/// @param maxAttempts deliveries of an event before it goes to the [DeadLetterHandler]
/// @param backoff wait before the second attempt; it doubles with each one
/// @param maxBackoff longest wait between attempts
public record ListenerSettings(
    boolean autoStartup,
    boolean createTables,
    Duration lease,
    int maxAttempts,
    Duration backoff,
    Duration maxBackoff) {
  /// Signs of life within a lease, so that a few may be lost.
  private static final int BEATS = 6;

  /// Below this, a pause of the garbage collector would pass for a crash.
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);

  public ListenerSettings {
    if (lease.compareTo(SHORTEST_LEASE) < 0) {
      throw new IllegalArgumentException(
          "galerne.listener.lease must be at least 1s, but is " + lease);
    }
    if (maxAttempts < 1) {
      throw new IllegalArgumentException(
          "galerne.listener.max-attempts must be at least 1, but is " + maxAttempts);
    }
    if (backoff.isNegative() || backoff.isZero() || maxBackoff.compareTo(backoff) < 0) {
      throw new IllegalArgumentException(
          "galerne.listener.backoff must be positive and at most max-backoff, but they are "
              + (backoff + " and " + maxBackoff));
    }
  }

  /// How often the active instance gives a sign of life, and others look for it.
  Duration beat() {
    return lease.dividedBy(BEATS);
  }

  /// The wait after a number of failed attempts.
  Duration backoffAfter(int failures) {
    Duration wait = backoff;
    for (int i = 1; i < failures && wait.compareTo(maxBackoff) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    return wait.compareTo(maxBackoff) < 0 ? wait : maxBackoff;
  }
}
