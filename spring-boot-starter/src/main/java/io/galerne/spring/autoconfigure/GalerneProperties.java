package io.galerne.spring.autoconfigure;

import io.galerne.spring.ListenerSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The `galerne` properties.
///
/// @param serverUrl URL of the server. Mistral's hosted API by default.
/// @param apiKey API key, sent as "Authorization: Bearer". None by default.
/// @param connectTimeout Timeout for opening a connection.
/// @param requestTimeout Timeout for a whole response, or for the headers of a stream.
/// @param silenceTimeout How long a stream may receive no bytes before it reconnects.
/// @param payload Decoding of encoded payloads.
/// @param listener Common settings of all listeners.
@ConfigurationProperties("galerne")
public record GalerneProperties(
    @Nullable String serverUrl,
    @Nullable String apiKey,
    @DefaultValue("10s") Duration connectTimeout,
    @DefaultValue("5m") Duration requestTimeout,
    @DefaultValue("60s") Duration silenceTimeout,
    @DefaultValue Payload payload,
    @DefaultValue Listener listener) {

  /// The `galerne.payload` properties.
  ///
  /// @param decode Whether to decode payloads. If not, they stay encoded.
  /// @param key Data key of encrypted payloads, as 32, 48 or 64 hexadecimal digits.
  /// @param secondaryKey Key to try if the first one does not decrypt a payload, during a key
  ///     rotation.
  public record Payload(
      @DefaultValue("true") boolean decode, @Nullable String key, @Nullable String secondaryKey) {}

  /// The `galerne.listener` properties.
  ///
  /// @param autoStartup Whether listeners start with the application.
  /// @param createTables Whether to create the tables of positions and leases if they are missing.
  /// @param lease How long another instance waits for a renewal by the active one before it takes
  ///     over.
  /// @param maxAttempts Number of deliveries before an event goes to the DeadLetterHandler, if
  ///     there is one.
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
