package io.galerne.client;

import io.galerne.client.internal.http.Backoff;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The retry policy of a client or of one call. Immutable.
///
/// Before the n-th retry, the client waits `initialDelay` times `multiplier` to the power of n-1,
/// plus up to a second of jitter, but never longer than `maxDelay`. If the response says how long
/// to wait (`Retry-After`, `retry-after-ms`), it waits exactly that long. It gives up after
/// `maxAttempts` retries, or if the wait would end after `maxElapsedTime`.
///
/// For a stream, the policy applies to the first connection only; from then on, [Reconnection]
/// applies, which has the same settings. A duration of more than a hundred years means forever.
public final class Retries {
  /// The statuses after which the official clients retry: 429, 500, 502, 503 and 504.
  public static final Set<Integer> DEFAULT_STATUS_CODES = Set.of(429, 500, 502, 503, 504);

  /// The temporary statuses, after which the same request may succeed later: 408, 425, 429 and
  /// every 5xx, including those of proxies, except the permanent ones (501, 505, 506, 510) and 511,
  /// with which a network asks for a sign-in. Streams reconnect after these.
  public static final Set<Integer> TEMPORARY_STATUS_CODES =
      Stream.concat(Stream.of(408, 425, 429), IntStream.rangeClosed(500, 599).boxed())
          .filter(status -> !Set.of(501, 505, 506, 510, 511).contains(status))
          .collect(Collectors.toUnmodifiableSet());

  private static final Retries OFF =
      builder().statusCodes(Set.of()).connectionErrors(false).build();

  private final Duration initialDelay;
  private final Duration maxDelay;
  private final double multiplier;
  private final int maxAttempts;
  private final Duration maxElapsedTime;
  private final boolean connectionErrors;
  private final Set<Integer> statusCodes;

  private Retries(Builder builder) {
    initialDelay = Backoff.requirePositive(builder.initialDelay, "initialDelay");
    maxDelay = Backoff.requirePositive(builder.maxDelay, "maxDelay");
    multiplier = Backoff.requireMultiplier(builder.multiplier);
    maxAttempts = Backoff.requireAttempts(builder.maxAttempts, "Retries.off()");
    maxElapsedTime = Backoff.requirePositive(builder.maxElapsedTime, "maxElapsedTime");
    connectionErrors = builder.connectionErrors;
    statusCodes = Set.copyOf(builder.statusCodes);
  }

  /// The policy of the official clients with retries enabled: delays from 500 ms to 60 s, growing
  /// by a factor of 1.5, for one hour; not after connection errors.
  public static Retries defaults() {
    return builder().build();
  }

  /// Never retries; the default of a client.
  public static Retries off() {
    return OFF;
  }

  /// A builder that starts from [#defaults()].
  public static Builder builder() {
    return new Builder();
  }

  /// The wait before the first retry.
  public Duration initialDelay() {
    return initialDelay;
  }

  /// The longest wait before a retry.
  public Duration maxDelay() {
    return maxDelay;
  }

  /// The factor by which the wait grows with each retry.
  public double multiplier() {
    return multiplier;
  }

  /// The number of retries after which the client gives up.
  public int maxAttempts() {
    return maxAttempts;
  }

  /// The time after which the client gives up, counted from the first attempt.
  public Duration maxElapsedTime() {
    return maxElapsedTime;
  }

  /// Whether the client retries if there was no response: no connection, a broken one, or a
  /// timeout.
  public boolean connectionErrors() {
    return connectionErrors;
  }

  /// The statuses after which the client retries.
  public Set<Integer> statusCodes() {
    return statusCodes;
  }

  /// Builds the settings. Not thread-safe.
  public static final class Builder {
    private Duration initialDelay = Duration.ofMillis(500);
    private Duration maxDelay = Duration.ofSeconds(60);
    private double multiplier = 1.5;
    private int maxAttempts = Integer.MAX_VALUE;
    private Duration maxElapsedTime = Duration.ofHours(1);
    private boolean connectionErrors;
    private Set<Integer> statusCodes = DEFAULT_STATUS_CODES;

    private Builder() {}

    /// The wait before the first retry; 500 ms by default.
    public Builder initialDelay(Duration initialDelay) {
      this.initialDelay = initialDelay;
      return this;
    }

    /// The longest wait before a retry; 60 s by default.
    public Builder maxDelay(Duration maxDelay) {
      this.maxDelay = maxDelay;
      return this;
    }

    /// The factor by which the wait grows with each retry; 1.5 by default.
    public Builder multiplier(double multiplier) {
      this.multiplier = multiplier;
      return this;
    }

    /// The number of retries after which to give up; unlimited by default.
    public Builder maxAttempts(int maxAttempts) {
      this.maxAttempts = maxAttempts;
      return this;
    }

    /// The time after which to give up, counted from the first attempt; one hour by default.
    public Builder maxElapsedTime(Duration maxElapsedTime) {
      this.maxElapsedTime = maxElapsedTime;
      return this;
    }

    /// Whether to retry if there was no response: no connection, a broken one, or a timeout; false
    /// by default.
    public Builder connectionErrors(boolean connectionErrors) {
      this.connectionErrors = connectionErrors;
      return this;
    }

    /// The statuses after which to retry; [Retries#DEFAULT_STATUS_CODES] by default.
    /// [Retries#TEMPORARY_STATUS_CODES] includes those of proxies.
    public Builder statusCodes(Set<Integer> statusCodes) {
      this.statusCodes = Set.copyOf(statusCodes);
      return this;
    }

    /// Builds the settings.
    ///
    /// @throws IllegalArgumentException if a time is not positive, the multiplier is below 1, or
    ///     there are no attempts
    public Retries build() {
      return new Retries(this);
    }
  }
}
