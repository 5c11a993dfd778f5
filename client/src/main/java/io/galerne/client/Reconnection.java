package io.galerne.client;

import io.galerne.client.internal.http.Backoff;
import java.time.Duration;

/// The reconnection policy of a stream. Immutable.
///
/// Before each attempt, the stream waits a random time between zero and `initialDelay` times
/// `multiplier` to the power of the number of failed attempts, at most `maxDelay`, but at least as
/// long as the server asks (`retry:`, `Retry-After`), up to [#MAX_ASKED_DELAY]. The count resets
/// when an event is delivered, or if a connection stayed open for `maxDelay`.
///
/// The stream reconnects if the connection fails, and after any temporary status:
/// [Retries#TEMPORARY_STATUS_CODES]. After any other response it throws. A duration of more than a
/// hundred years means forever.
public final class Reconnection {
  /// The longest wait before a reconnection that a server can demand.
  public static final Duration MAX_ASKED_DELAY = Duration.ofMinutes(5);

  private final boolean enabled;
  private final Duration initialDelay;
  private final Duration maxDelay;
  private final double multiplier;
  private final int maxAttempts;
  private final Duration maxElapsedTime;

  private Reconnection(Builder builder, boolean enabled) {
    this.enabled = enabled;
    initialDelay = Backoff.requirePositive(builder.initialDelay, "initialDelay");
    maxDelay = Backoff.requirePositive(builder.maxDelay, "maxDelay");
    multiplier = Backoff.requireMultiplier(builder.multiplier);
    maxAttempts = Backoff.requireAttempts(builder.maxAttempts, "Reconnection.off()");
    maxElapsedTime = Backoff.requirePositive(builder.maxElapsedTime, "maxElapsedTime");
  }

  /// Reconnects with delays from 500 ms to 30 s, doubling, for one hour, with any number of
  /// attempts.
  public static Reconnection defaults() {
    return builder().build();
  }

  /// Never reconnects, like the official clients: an error frame or a broken connection throws, a
  /// clean end of the connection ends the stream.
  public static Reconnection off() {
    return new Reconnection(builder(), false);
  }

  /// A builder that starts from [#defaults()].
  public static Builder builder() {
    return new Builder();
  }

  /// Whether the stream reconnects.
  public boolean enabled() {
    return enabled;
  }

  /// The longest wait before the first attempt.
  public Duration initialDelay() {
    return initialDelay;
  }

  /// The longest wait before any attempt, unless the server asks for more.
  public Duration maxDelay() {
    return maxDelay;
  }

  /// The factor by which the wait grows with each attempt.
  public double multiplier() {
    return multiplier;
  }

  /// The number of failed attempts after which the stream gives up.
  public int maxAttempts() {
    return maxAttempts;
  }

  /// The time after which the stream gives up; there is always one attempt.
  public Duration maxElapsedTime() {
    return maxElapsedTime;
  }

  /// Builds the settings. Not thread-safe.
  public static final class Builder {
    private Duration initialDelay = Duration.ofMillis(500);
    private Duration maxDelay = Duration.ofSeconds(30);
    private double multiplier = 2;
    private int maxAttempts = Integer.MAX_VALUE;
    private Duration maxElapsedTime = Duration.ofHours(1);

    private Builder() {}

    /// The longest wait before the first attempt; 500 ms by default.
    public Builder initialDelay(Duration initialDelay) {
      this.initialDelay = initialDelay;
      return this;
    }

    /// The longest wait before any attempt; 30 s by default.
    public Builder maxDelay(Duration maxDelay) {
      this.maxDelay = maxDelay;
      return this;
    }

    /// The factor by which the wait grows with each attempt; 2 by default.
    public Builder multiplier(double multiplier) {
      this.multiplier = multiplier;
      return this;
    }

    /// The number of failed attempts after which to give up; unlimited by default.
    public Builder maxAttempts(int maxAttempts) {
      this.maxAttempts = maxAttempts;
      return this;
    }

    /// The time after which to give up; one hour by default.
    public Builder maxElapsedTime(Duration maxElapsedTime) {
      this.maxElapsedTime = maxElapsedTime;
      return this;
    }

    /// Builds the settings.
    ///
    /// @throws IllegalArgumentException if a time is not positive, the multiplier is below 1, or
    ///     there are no attempts
    public Reconnection build() {
      return new Reconnection(this, true);
    }
  }
}
