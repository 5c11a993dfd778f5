package io.galerne.spring.autoconfigure;

import io.galerne.spring.ListenerSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The properties below `galerne`.
///
/// @param serverUrl Where the server is. Mistral's hosted API by default.
/// @param apiKey Key that goes out as "Authorization: Bearer". None by default.
/// @param connectTimeout How long making a connection may take.
/// @param requestTimeout How long a whole answer may take; of a stream, its headers.
/// @param silenceTimeout After how long without a byte a stream reconnects.
/// @param payload How encoded payloads are decoded.
/// @param listener What all listeners have in common.
@ConfigurationProperties("galerne")
public record GalerneProperties(
    @Nullable String serverUrl,
    @Nullable String apiKey,
    @DefaultValue("10s") Duration connectTimeout,
    @DefaultValue("5m") Duration requestTimeout,
    @DefaultValue("60s") Duration silenceTimeout,
    @DefaultValue Payload payload,
    @DefaultValue Listener listener) {

  /// The properties below `galerne.payload`.
  ///
  /// @param decode Whether payloads are decoded. If not, they stay as they were published.
  /// @param key Key that payloads are encrypted with, as 32, 48 or 64 hexadecimal digits.
  /// @param secondaryKey Key that is tried if the other one does not fit, while keys are rotated.
  public record Payload(
      @DefaultValue("true") boolean decode, @Nullable String key, @Nullable String secondaryKey) {}

  /// The properties below `galerne.listener`.
  ///
  /// @param autoStartup Whether listeners start with the application.
  /// @param createTables Whether the tables of positions and leases are created if they are missing.
  /// @param lease After how long without a sign of life from the active instance another takes over.
  /// @param maxAttempts Deliveries of an event before it goes to the DeadLetterHandler, if there is one.
  /// @param backoff Wait before the second attempt. Doubles with each attempt.
  /// @param maxBackoff Longest wait between attempts.
  public record Listener(
      @DefaultValue("true") boolean autoStartup,
      @DefaultValue("true") boolean createTables,
      @DefaultValue("30s") Duration lease,
      @DefaultValue("10") int maxAttempts,
      @DefaultValue("1s") Duration backoff,
      @DefaultValue("1m") Duration maxBackoff) {
    ListenerSettings settings() {
      return new ListenerSettings(
          autoStartup, createTables, lease, maxAttempts, backoff, maxBackoff);
    }
  }
}
