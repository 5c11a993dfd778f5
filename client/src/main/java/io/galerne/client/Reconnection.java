package io.galerne.client;

import java.time.Duration;

/// How a stream reconnects after its connection ended. Immutable.
///
/// Before each try, the stream waits a random time between zero and `initialDelay` times `exponent`
/// to the power of the failed tries so far, at most `maxDelay`; but never less than the server asked
/// for (`retry:`, `Retry-After`), of which it honours up to [#MAX_ASKED_DELAY]. An event that was
/// delivered, or a connection that stayed open for `maxDelay`, makes it start over.
///
/// It tries again if there is no connection, and after any status that may pass: 408, 425, 429 and
/// every 5xx, those of proxies included, except 501, 505, 506, 510 and 511. After any other answer
/// the stream throws. A duration of more than a hundred years means forever.
///
/// @param enabled whether it reconnects at all
/// @param initialDelay longest wait before the first try
/// @param maxDelay longest wait before any try, unless the server asks for more
/// @param exponent how each wait grows over the one before
/// @param maxAttempts failed tries after which it gives up
/// @param maxElapsedTime time after which it gives up; it always tries once
public record Reconnection(
    boolean enabled,
    Duration initialDelay,
    Duration maxDelay,
    double exponent,
    int maxAttempts,
    Duration maxElapsedTime) {
  /// As long as a server can make a stream wait before a reconnection, however long it asks for.
  public static final Duration MAX_ASKED_DELAY = Duration.ofMinutes(5);

  public Reconnection {
    initialDelay = Backoff.requirePositive(initialDelay, "initialDelay");
    maxDelay = Backoff.requirePositive(maxDelay, "maxDelay");
    Backoff.requireAtLeastOne(exponent);
    maxElapsedTime = Backoff.requirePositive(maxElapsedTime, "maxElapsedTime");
    if (maxAttempts < 1) {
      throw new IllegalArgumentException(
          "maxAttempts must be at least 1, but is " + maxAttempts + "; or use Reconnection.off()");
    }
  }

  /// On: from 500 ms to 30 s, doubling, for one hour, however often.
  public static Reconnection defaults() {
    return builder().build();
  }

  /// Never reconnects, like the official clients: an error frame or a connection that breaks throws,
  /// a clean end of the connection ends the stream.
  public static Reconnection off() {
    Reconnection on = defaults();
    return new Reconnection(
        false, on.initialDelay, on.maxDelay, on.exponent, on.maxAttempts, on.maxElapsedTime);
  }

  /// Starts from [#defaults()].
  public static Builder builder() {
    return new Builder();
  }

  /// Collects settings. Not safe for use by several threads.
  public static final class Builder {
    private Duration initialDelay = Duration.ofMillis(500);
    private Duration maxDelay = Duration.ofSeconds(30);
    private double exponent = 2;
    private int maxAttempts = Integer.MAX_VALUE;
    private Duration maxElapsedTime = Duration.ofHours(1);

    private Builder() {}

    /// Longest wait before the first try; 500 ms by default.
    public Builder initialDelay(Duration initialDelay) {
      this.initialDelay = initialDelay;
      return this;
    }

    /// Longest wait before any try; 30 s by default.
    public Builder maxDelay(Duration maxDelay) {
      this.maxDelay = maxDelay;
      return this;
    }

    /// How each wait grows over the one before; 2 by default.
    public Builder exponent(double exponent) {
      this.exponent = exponent;
      return this;
    }

    /// Failed tries after which to give up; no bound by default.
    public Builder maxAttempts(int maxAttempts) {
      this.maxAttempts = maxAttempts;
      return this;
    }

    /// Time after which to give up; one hour by default.
    public Builder maxElapsedTime(Duration maxElapsedTime) {
      this.maxElapsedTime = maxElapsedTime;
      return this;
    }

    /// Makes the settings.
    ///
    /// @throws IllegalArgumentException if a time is not positive, the exponent is below 1, or there
    ///     are no attempts
    public Reconnection build() {
      return new Reconnection(true, initialDelay, maxDelay, exponent, maxAttempts, maxElapsedTime);
    }
  }
}
