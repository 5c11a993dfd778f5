package io.galerne.cli;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Turns the settings that the libraries' messages name, such as `retentionAge`, into the options
/// of `galerne serve`.
final class SettingNames {
  private static final Map<String, String> OPTIONS =
      Map.ofEntries(
          Map.entry("host", "--host"),
          Map.entry("port", "--port"),
          Map.entry("folder", "--data"),
          Map.entry("retentionAge", "--retention-age"),
          Map.entry("retentionBytes", "--retention-size"),
          Map.entry("repeatWindow", "--repeat-window"),
          Map.entry("afterRestore", "--after-restore"),
          Map.entry("stream", "--stream"),
          Map.entry("replicas", "--replicas"),
          Map.entry("nats.servers", "--log"),
          Map.entry("nats.credentials", "--nats-creds"),
          Map.entry("nats.nkey", "--nats-nkey"),
          Map.entry("nats.tls.authority", "--nats-tls-ca"),
          Map.entry("nats.tls.certificate", "--nats-tls-cert"),
          Map.entry("nats.tls.key", "--nats-tls-key"),
          Map.entry("keys", "--keys"),
          Map.entry("tls.certificate", "--tls-cert"),
          Map.entry("tls.key", "--tls-key"),
          Map.entry("corsOrigins", "--cors-origin"),
          Map.entry("console", "--console"),
          Map.entry("temporal.address", "--temporal"),
          Map.entry("temporal.namespace", "--temporal-namespace"),
          Map.entry("temporal.tls", "--temporal-tls"),
          Map.entry("maxEventBytes", "--max-event-size"),
          Map.entry("maxBodyBytes", "--max-body-size"),
          Map.entry("maxBatchEvents", "--max-batch-events"),
          Map.entry("maxConnections", "--max-connections"),
          Map.entry("maxStreams", "--max-streams"),
          Map.entry("keepAlive", "--keep-alive"),
          Map.entry("maxStreamDuration", "--max-stream-duration"),
          Map.entry("executionGrace", "--execution-grace"));

  private static final Pattern SETTING = Pattern.compile("(?:the settings? )?`([A-Za-z.]+)`");

  private SettingNames() {}

  /// Replaces settings in the message by their options; other names stay.
  static String asOptions(String message) {
    return SETTING
        .matcher(message)
        .replaceAll(
            found -> Matcher.quoteReplacement(OPTIONS.getOrDefault(found.group(1), found.group())));
  }
}
