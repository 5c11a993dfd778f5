package io.galerne.jetstream.nats;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Queries servers on their monitoring ports, which need no password and no TLS even if clients do.
/// Each server reports its own knowledge.
final class Monitoring {
  /// A server that answers at all does so at once; a paused one does not.
  private static final int PATIENCE_MS = 2_000;

  private static final JsonMapper JSON = new JsonMapper();

  private Monitoring() {}

  /// Returns whether the server runs JetStream and is usable, as far as it knows.
  static boolean isHealthy(NatsNode node) {
    return get(node.monitoring().resolve("/healthz?js-enabled-only=true")).isPresent();
  }

  /// Returns a server's view of the cluster's meta group; empty if it does not answer.
  static Optional<JsonNode> metaGroup(NatsNode node) {
    return get(node.monitoring().resolve("/jsz")).map(answer -> answer.path("meta_cluster"));
  }

  /// Returns a server's view of a stream; empty if it has no replica of it or does not answer.
  static Optional<JsonNode> stream(NatsNode node, String stream) {
    URI uri = node.monitoring().resolve("/jsz?accounts=true&streams=true&config=true");
    Predicate<JsonNode> named = detail -> detail.path("name").asString("").equals(stream);
    return get(uri).stream()
        .flatMap(answer -> elements(answer.path("account_details")))
        .flatMap(account -> elements(account.path("stream_detail")))
        .filter(named)
        .findFirst();
  }

  static Stream<JsonNode> elements(JsonNode array) {
    return array.values().stream();
  }

  private static Optional<JsonNode> get(URI uri) {
    try {
      URLConnection connection = uri.toURL().openConnection();
      connection.setConnectTimeout(PATIENCE_MS);
      connection.setReadTimeout(PATIENCE_MS);
      // otherwise Java keeps the connection and a thread for it
      connection.setRequestProperty("Connection", "close");
      try (InputStream answer = connection.getInputStream()) {
        return Optional.of(JSON.readTree(answer));
      }
    } catch (IOException | JacksonException e) {
      return Optional.empty();
    }
  }
}
