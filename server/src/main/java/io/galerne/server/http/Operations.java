package io.galerne.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.galerne.server.ingest.PublishBody;
import io.galerne.server.log.Health;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;

/// The table of everything that is served.
final class Operations {
  private Operations() {}

  /// @param health whether the server should be given work
  static Map<String, Map<HttpMethod, Operation>> of(HttpParts parts, Supplier<Health> health) {
    var log = parts.log();
    var workers = parts.workers();
    PublishBody bodies = new PublishBody(parts.limits(), Clock.systemUTC());
    return Map.of(
        "/v1/workflows/events",
        Map.of(HttpMethod.POST, new Publish.Single(log, bodies, workers)),
        "/v1/workflows/events/batch",
        Map.of(HttpMethod.POST, new Publish.Batch(log, bodies, workers)),
        "/v1/workflows/executions/stream",
        Map.of(HttpMethod.POST, new Publish.StreamEvent(log, bodies, workers)),
        "/v1/workflows/events/stream",
        Map.of(HttpMethod.GET, new StreamEvents(log)),
        Router.EXECUTION_STREAM,
        Map.of(HttpMethod.GET, new StreamExecution(log, workers)),
        "/v1/workflows/events/list",
        Map.of(HttpMethod.GET, new ListEvents(log, workers)),
        "/health/live",
        Map.of(HttpMethod.GET, new HealthCheck("health_live", () -> Health.READY)),
        "/health/ready",
        Map.of(HttpMethod.GET, new HealthCheck("health_ready", health)),
        "/metrics",
        Map.of(
            HttpMethod.GET,
            new Document(
                "metrics",
                "text/plain; version=0.0.4; charset=utf-8",
                parts.metrics()::scrape,
                workers)),
        "/openapi.yaml",
        Map.of(
            HttpMethod.GET,
            new Document("openapi", "application/yaml", Operations::openApi, workers)));
  }

  private static String openApi() {
    try (InputStream file = requireNonNull(Operations.class.getResourceAsStream("/openapi.yaml"))) {
      return new String(file.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
