package io.galerne.client;

import java.time.Duration;

/// How a stream comes back after its connection ended. Immutable.
///
/// Before each try, the stream waits a random time between nothing and `initialDelay` times
/// `exponent` to the power of the tries in vain before it, at most `maxDelay`; but never less than
/// the server asked for (`retry:`, `Retry-After`). An event that was delivered, or a connection
/// that stayed open for `maxDelay`, makes its patience new.
///
/// @param enabled whether it comes back at all
/// @param initialDelay longest wait before the first try
/// @param maxDelay longest wait before any try
/// @param exponent how each wait grows over the one before
/// @param maxAttempts tries in vain after which it gives up
/// @param maxElapsedTime time in vain after which it gives up
public record Reconnection(
    boolean enabled,
    Duration initialDelay,
    Duration maxDelay,
    double exponent,
    int maxAttempts,
    Duration maxElapsedTime) {
  public Reconnection {
    Backoff.requirePositive(initialDelay, "initialDelay");
    Backoff.requirePositive(maxDelay, "maxDelay");
    Backoff.requireAtLeastOne(exponent);
    Backoff.requirePositive(maxElapsedTime, "maxElapsedTime");
    if (maxAttempts < 1) {
      throw new IllegalArgumentException(
          "maxAttempts must be at least 1, but is " + maxAttempts + "; or use Reconnection.off()");
    }
  }

  /// On: from 500 ms to 30 s, doubling, for one hour in vain, however often.
  public static Reconnection defaults() {
    return builder().build();
  }

  /// Never comes back, as the official clients: an error frame or a connection that breaks throws,
  /// an orderly end of the connection ends the stream.
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

    /// Tries in vain after which to give up; no bound by default.
    public Builder maxAttempts(int maxAttempts) {
      this.maxAttempts = maxAttempts;
      return this;
    }

    /// Time in vain after which to give up; one hour by default.
    public Builder maxElapsedTime(Duration maxElapsedTime) {
      this.maxElapsedTime = maxElapsedTime;
      return this;
    }

    /// Makes the settings.
    ///
    /// @throws IllegalArgumentException where a value makes no sense
    public Reconnection build() {
      return new Reconnection(true, initialDelay, maxDelay, exponent, maxAttempts, maxElapsedTime);
    }
  }
}
