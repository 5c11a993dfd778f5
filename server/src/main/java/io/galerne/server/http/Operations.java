package io.galerne.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.galerne.server.ingest.PublishBody;
import io.galerne.server.log.Health;
import io.galerne.server.worker.RouteTokens;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// The table of everything that is served.
final class Operations {
  private Operations() {}

  /// @param health whether the server should be given work
  static Map<String, Map<HttpMethod, Operation>> of(HttpParts parts, Supplier<Health> health) {
    Map<String, Map<HttpMethod, Operation>> all = new HashMap<>();
    all.putAll(publishing(parts));
    all.putAll(reading(parts));
    all.putAll(forWorkers(parts));
    all.putAll(operating(parts, health));
    return Map.copyOf(all);
  }

  private static Map<String, Map<HttpMethod, Operation>> publishing(HttpParts parts) {
    PublishBody bodies = new PublishBody(parts.limits(), Clock.systemUTC());
    var single = new Publish.Single(parts.log(), bodies, parts.workers());
    var batch = new Publish.Batch(parts.log(), bodies, parts.workers());
    RouteTokens tokens = new RouteTokens(parts.log()::id, Clock.systemUTC());
    return Map.of(
        "/v1/workflows/events",
        Map.of(HttpMethod.POST, single),
        "/v1/workflows/events/batch",
        Map.of(HttpMethod.POST, batch),
        "/v1/workflows/executions/stream",
        Map.of(HttpMethod.POST, new Publish.StreamEvent(parts.log(), bodies, parts.workers())),
        "/v2/workflows/workers/event-route-token",
        Map.of(HttpMethod.POST, new WorkerRequest.RouteToken(tokens)),
        "/v2/workflows/events",
        Map.of(HttpMethod.POST, new Publish.Routed(single, tokens)),
        "/v2/workflows/events/batch",
        Map.of(HttpMethod.POST, new Publish.Routed(batch, tokens)));
  }

  private static Map<String, Map<HttpMethod, Operation>> reading(HttpParts parts) {
    return Map.of(
        "/v1/workflows/events/stream",
        Map.of(HttpMethod.GET, new StreamEvents(parts.log())),
        Router.EXECUTION_STREAM,
        Map.of(HttpMethod.GET, new StreamExecution(parts.log(), parts.workers())),
        "/v1/workflows/events/list",
        Map.of(
            HttpMethod.GET,
            new ListEvents(
                parts.log(), parts.workers(), parts.live().budget(), parts.live().largeEvents())));
  }

  private static Map<String, Map<HttpMethod, Operation>> forWorkers(HttpParts parts) {
    return Map.of(
        "/v1/workflows/workers/whoami",
        Map.of(HttpMethod.GET, new WorkerRequest.WhoAmI(parts.temporal())),
        "/v1/workflows/register",
        Map.of(HttpMethod.POST, new WorkerRequest.Register(parts.workers())),
        "/v1/workflows/workers/heartbeat",
        Map.of(HttpMethod.POST, new WorkerRequest.Heartbeat()),
        "/v1/workflows/executions/register",
        Map.of(HttpMethod.POST, new WorkerRequest.RegisterExecution()));
  }

  private static Map<String, Map<HttpMethod, Operation>> operating(
      HttpParts parts, Supplier<Health> health) {
    byte[] openApi = openApi(); // one for all who read it slowly
    return Map.of(
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
                () -> parts.metrics().scrape().getBytes(UTF_8),
                parts.workers())),
        "/openapi.yaml",
        Map.of(
            HttpMethod.GET,
            new Document("openapi", "application/yaml", () -> openApi, parts.workers())));
  }

  private static byte[] openApi() {
    try (InputStream file = requireNonNull(Operations.class.getResourceAsStream("/openapi.yaml"))) {
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
