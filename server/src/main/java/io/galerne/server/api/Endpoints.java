package io.galerne.server.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.galerne.console.Console;
import io.galerne.server.access.Right;
import io.galerne.server.api.RunRequest.OfTrace;
import io.galerne.server.http.Operation;
import io.galerne.server.http.Reply;
import io.galerne.server.http.Routes;
import io.galerne.server.http.Routes.Route;
import io.galerne.server.ingest.JsonText;
import io.galerne.server.ingest.PublishBody;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.Health;
import io.galerne.server.worker.RouteTokens;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/// The table of routes: the right and the operation of each method and path.
public final class Endpoints {
  private static final Optional<Right> READ = Optional.of(Right.READ);
  private static final Optional<Right> PUBLISH = Optional.of(Right.PUBLISH);
  private static final Optional<Right> NONE = Optional.empty();

  private final ApiParts parts;
  private final EventLog log;
  private final Executor workers;
  private final RouteTokens tokens;

  private Endpoints(ApiParts parts) {
    this.parts = parts;
    this.log = parts.log();
    this.workers = parts.workers();
    this.tokens = new RouteTokens(log::id, Clock.systemUTC());
  }

  /// All routes of a server.
  public static Routes of(ApiParts parts) {
    Endpoints all = new Endpoints(parts);
    return new Routes(
        Stream.of(
                all.console(), all.publish(), all.read(), all.runs(), all.workers(), all.operate())
            .flatMap(List::stream)
            .toList());
  }

  private List<Route> console() {
    if (!parts.console()) {
      return List.of();
    }
    ConsoleFiles console = new ConsoleFiles(workers);
    return List.of(
        get("/", "console", NONE, console),
        get(Console.FILES + "{file...}", "console", NONE, console));
  }

  private List<Route> publish() {
    Publish publish = new Publish(log, new PublishBody(parts.limits(), Clock.systemUTC()), workers);
    Publish routed = publish.routed(tokens);
    return List.of(
        post("/v1/workflows/events", "publish_event", PUBLISH, publish.single()),
        post("/v1/workflows/events/batch", "publish_batch", PUBLISH, publish.batch()),
        post(
            "/v1/workflows/executions/stream",
            "publish_stream_event",
            PUBLISH,
            publish.streamEvent()),
        post("/v2/workflows/events", "publish_event_v2", PUBLISH, routed.single()),
        post("/v2/workflows/events/batch", "publish_batch_v2", PUBLISH, routed.batch()));
  }

  private List<Route> read() {
    return List.of(
        get("/v1/workflows/events/stream", "stream_events", READ, new StreamEvents(log)),
        get(
            "/v1/workflows/executions/{execution_id}/stream",
            "stream_execution",
            READ,
            new StreamExecution(log, workers)),
        get(
            "/v1/workflows/events/list",
            "list_events",
            READ,
            new ListEvents(log, workers, parts.live().budget(), parts.live().largeEvents())));
  }

  /// Queries about runs.
  private List<Route> runs() {
    return List.of(
        get(
            "/v1/workflows/runs",
            "list_runs",
            READ,
            new ListRuns(log, workers, parts.live().budget())),
        get("/v1/workflows/runs/{run_id}", "get_run", READ, new RunRequest.OfId(log, workers)),
        get(
            "/v1/workflows/executions/{execution_id}",
            "get_execution",
            READ,
            new RunRequest.Newest(log, workers)),
        get(
            "/v1/workflows/executions/{execution_id}/trace/summary",
            "get_trace_summary",
            READ,
            new OfTrace(OfTrace.Form.SUMMARY, log, workers)),
        get(
            "/v1/workflows/executions/{execution_id}/trace/events",
            "get_trace_events",
            READ,
            new OfTrace(OfTrace.Form.EVENTS, log, workers)),
        get(
            "/v1/workflows/executions/{execution_id}/trace/otel",
            "get_trace_otel",
            READ,
            new OfTrace(OfTrace.Form.OTEL, log, workers)),
        get(
            "/v1/workflows/executions/{execution_id}/trace/info",
            "get_trace_info",
            READ,
            new OfTrace(OfTrace.Form.INFO, log, workers)),
        get(
            "/v1/workflows/executions/{execution_id}/state",
            "get_state",
            READ,
            new RunRequest.State(log, workers)),
        get(
            "/v1/workflows/{workflow_name}/metrics",
            "get_workflow_metrics",
            READ,
            new RunRequest.Metrics(log, workers)));
  }

  /// Requests of official workers.
  private List<Route> workers() {
    ForWorkers forWorkers = new ForWorkers(parts.temporal(), tokens);
    return List.of(
        get(
            "/v1/workflows/workers/whoami",
            "worker_whoami",
            PUBLISH,
            Operation.now(forWorkers::whoAmI)),
        post(
            "/v1/workflows/register",
            "worker_register",
            PUBLISH,
            Operation.on(workers, forWorkers::register)), // bodies hold whole schemas
        post(
            "/v1/workflows/workers/heartbeat",
            "worker_heartbeat",
            PUBLISH,
            Operation.now(forWorkers::heartbeat)),
        post(
            "/v1/workflows/executions/register",
            "worker_register_execution",
            PUBLISH,
            Operation.now(forWorkers::registerExecution)),
        post(
            "/v2/workflows/workers/event-route-token",
            "worker_route_token",
            PUBLISH,
            Operation.now(forWorkers::routeToken)));
  }

  private List<Route> operate() {
    byte[] openApi = openApi(); // one copy, shared by slow readers
    return List.of(
        get("/health/live", "health_live", NONE, Operation.now(_ -> health(Health.READY))),
        get(
            "/health/ready",
            "health_ready",
            NONE,
            Operation.now(_ -> health(parts.health().get()))),
        get("/metrics", "metrics", NONE, Operation.on(workers, _ -> metrics())),
        get(
            "/openapi.yaml",
            "openapi",
            NONE,
            Operation.now(_ -> Reply.text("application/yaml", openApi))));
  }

  private static Route get(String path, String name, Optional<Right> right, Operation operation) {
    return new Route(HttpMethod.GET, path, name, right, operation);
  }

  private static Route post(String path, String name, Optional<Right> right, Operation operation) {
    return new Route(HttpMethod.POST, path, name, right, operation);
  }

  private static Reply health(Health health) {
    String body =
        health.ready()
            ? "{\"status\":\"ok\"}"
            : "{\"status\":\"unavailable\",\"detail\":" + JsonText.quote(health.detail()) + "}";
    HttpResponseStatus status =
        health.ready() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE;
    return Reply.json(status, body.getBytes(UTF_8));
  }

  private Reply metrics() {
    return Reply.text(
        "text/plain; version=0.0.4; charset=utf-8", parts.metrics().scrape().getBytes(UTF_8));
  }

  private static byte[] openApi() {
    try (InputStream file = requireNonNull(Endpoints.class.getResourceAsStream("/openapi.yaml"))) {
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
