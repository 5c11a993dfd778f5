package io.galerne.spring;

import java.time.Duration;

/// The common settings of all listeners of an application. Immutable.
///
/// @param autoStartup whether consumers start with the application
/// @param createTables whether to create the two tables if they are missing
/// @param lease how long another instance waits for a renewal by the active one before it takes
///     over
/// @param maxAttempts the number of deliveries before an event goes to the [DeadLetterHandler]
/// @param backoff the wait before the second attempt; doubles with each attempt
/// @param maxBackoff the longest wait between attempts
public record ListenerSettings(
    boolean autoStartup,
    boolean createTables,
    Duration lease,
    int maxAttempts,
    Duration backoff,
    Duration maxBackoff) {
  /// The number of renewals per lease, so that a few may be lost.
  private static final int BEATS = 6;

  /// With a shorter lease, a garbage collection pause would look like a crash.
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

  /// The interval at which the active instance renews the lease and others check it.
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
