package io.galerne.client;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// How often and how patiently a call is tried again, for a client or for one call. Immutable.
///
/// Before the n-th repeat, the client waits `initialInterval` times `exponent` to the power of n,
/// and up to a second more, but never longer than `maxInterval`. Where the answer says how long to
/// wait (`Retry-After`, `retry-after-ms`), it waits just that. It gives up where the wait would
/// reach beyond `maxElapsedTime`.
///
/// A stream follows it for its first connection only; from then on, [Reconnection] holds. A duration
/// of more than a hundred years means forever.
///
/// @param initialInterval first wait
/// @param maxInterval longest wait
/// @param exponent how each wait grows over the one before
/// @param maxElapsedTime how long to go on, counted from the first try
/// @param retryConnectionErrors whether to try again where there was no answer at all: no
///     connection, one that broke, or a timeout
/// @param statusCodes the statuses after which to try again
public record RetryConfig(
    Duration initialInterval,
    Duration maxInterval,
    double exponent,
    Duration maxElapsedTime,
    boolean retryConnectionErrors,
    Set<Integer> statusCodes) {
  /// After which the official clients try again: 429, 500, 502, 503 and 504.
  public static final Set<Integer> DEFAULT_STATUS_CODES = Set.of(429, 500, 502, 503, 504);

  /// The statuses after which the same request may succeed later, because the server or a proxy before
  /// it is busy, restarts or does not reach the other: 408, 425, 429 and every 5xx, of which proxies
  /// have many of their own, except those that say that the server does not do this at all (501, 505,
  /// 506, 510) or that the network asks for a sign-in (511). Streams reconnect after these.
  public static final Set<Integer> TEMPORARY_STATUS_CODES =
      Stream.concat(Stream.of(408, 425, 429), IntStream.rangeClosed(500, 599).boxed())
          .filter(status -> !Set.of(501, 505, 506, 510, 511).contains(status))
          .collect(Collectors.toUnmodifiableSet());

  /// What is added to each wait at most, so that clients that failed together do not come back
  /// together.
  private static final int JITTER_MILLIS = 1000;

  private static final RetryConfig NONE =
      builder().statusCodes(Set.of()).retryConnectionErrors(false).build();

  public RetryConfig {
    initialInterval = Backoff.requirePositive(initialInterval, "initialInterval");
    maxInterval = Backoff.requirePositive(maxInterval, "maxInterval");
    Backoff.requireAtLeastOne(exponent);
    maxElapsedTime = Backoff.requirePositive(maxElapsedTime, "maxElapsedTime");
    statusCodes = Set.copyOf(statusCodes);
  }

  /// As the official clients do once told to retry: 500 ms, at most 60 s, growing by 1.5, for one
  /// hour; not after connection errors.
  public static RetryConfig defaults() {
    return builder().build();
  }

  /// Never tries again; what a client does unless it is told otherwise.
  public static RetryConfig none() {
    return NONE;
  }

  /// Starts from [#defaults()].
  public static Builder builder() {
    return new Builder();
  }

  Duration delay(int retries, RandomGenerator random) {
    Duration delay =
        Backoff.interval(initialInterval, maxInterval, exponent, retries)
            .plusMillis(random.nextInt(JITTER_MILLIS + 1));
    return delay.compareTo(maxInterval) < 0 ? delay : maxInterval;
  }

  /// Collects settings. Not safe for use by several threads.
  public static final class Builder {
    private Duration initialInterval = Duration.ofMillis(500);
    private Duration maxInterval = Duration.ofSeconds(60);
    private double exponent = 1.5;
    private Duration maxElapsedTime = Duration.ofHours(1);
    private boolean retryConnectionErrors;
    private Set<Integer> statusCodes = DEFAULT_STATUS_CODES;

    private Builder() {}

    /// First wait; 500 ms by default.
    public Builder initialInterval(Duration initialInterval) {
      this.initialInterval = initialInterval;
      return this;
    }

    /// Longest wait; 60 s by default.
    public Builder maxInterval(Duration maxInterval) {
      this.maxInterval = maxInterval;
      return this;
    }

    /// How each wait grows over the one before; 1.5 by default.
    public Builder exponent(double exponent) {
      this.exponent = exponent;
      return this;
    }

    /// How long to go on; one hour by default.
    public Builder maxElapsedTime(Duration maxElapsedTime) {
      this.maxElapsedTime = maxElapsedTime;
      return this;
    }

    /// Whether to try again where there was no answer at all; not by default.
    public Builder retryConnectionErrors(boolean retryConnectionErrors) {
      this.retryConnectionErrors = retryConnectionErrors;
      return this;
    }

    /// The statuses after which to try again; [RetryConfig#DEFAULT_STATUS_CODES] by default.
    /// [RetryConfig#TEMPORARY_STATUS_CODES] has those of proxies too.
    public Builder statusCodes(Set<Integer> statusCodes) {
      this.statusCodes = new TreeSet<>(statusCodes);
      return this;
    }

    /// Makes the settings.
    ///
    /// @throws IllegalArgumentException where a time is not positive, or the exponent is below 1
    public RetryConfig build() {
      return new RetryConfig(
          initialInterval,
          maxInterval,
          exponent,
          maxElapsedTime,
          retryConnectionErrors,
          statusCodes);
    }
  }
}
