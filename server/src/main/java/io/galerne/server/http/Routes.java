package io.galerne.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.galerne.console.Console;
import io.galerne.server.access.Right;
import io.galerne.server.http.RunRequest.OfTrace;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The table of everything that is served, and how to find what a request names. If several paths with
/// braces fit, the first in the table is meant.
final class Routes {
  /// To a worker, a code below this says that the route exists, and it drops its events.
  private static final String V2 = "/v2/";

  private static final HttpMethod GET = HttpMethod.GET;
  private static final HttpMethod POST = HttpMethod.POST;
  private static final Optional<Right> READ = Optional.of(Right.READ);
  private static final Optional<Right> PUBLISH = Optional.of(Right.PUBLISH);
  private static final Optional<Right> NONE = Optional.empty();

  /// One row of the table.
  ///
  /// @param path a part in braces, such as `{run_id}`, stands for anything that is not empty; a last part
  ///     that ends in dots, such as `{file...}`, for one or several parts
  /// @param name the operation's name in metrics
  /// @param right what its caller must be allowed to do; empty for what everybody may
  record Route(
      HttpMethod method, String path, String name, Optional<Right> right, Operation operation) {}

  private final Map<String, Map<HttpMethod, Route>> byPath = new LinkedHashMap<>();

  /// Paths with braces, in parts and in the order of the table.
  private final List<String[]> templates;

  Routes(List<Route> table) {
    for (Route route : table) {
      byPath.computeIfAbsent(route.path(), path -> new HashMap<>()).put(route.method(), route);
    }
    this.templates =
        byPath.keySet().stream()
            .filter(path -> path.contains("{"))
            .map(path -> path.split("/", -1))
            .toList();
  }

  /// Everything that a server serves.
  ///
  /// @param health whether the server should be given work
  static Routes of(HttpParts parts, Supplier<Health> health) {
    EventLog log = parts.log();
    Executor workers = parts.workers();
    Publish publish = new Publish(log, new PublishBody(parts.limits(), Clock.systemUTC()), workers);
    RouteTokens tokens = new RouteTokens(log::id, Clock.systemUTC());
    ForWorkers forWorkers = new ForWorkers(parts.temporal(), tokens);
    ListEvents list =
        new ListEvents(log, workers, parts.live().budget(), parts.live().largeEvents());
    byte[] openApi = openApi(); // one for all who read it slowly
    List<Route> table = new ArrayList<>();
    if (parts.console()) {
      ConsoleFiles console = new ConsoleFiles(workers);
      table.add(get("/", "console", NONE, console));
      table.add(get(Console.FILES + "{file...}", "console", NONE, console));
    }
    table.addAll(
        List.of(
            // publish
            post("/v1/workflows/events", "publish_event", PUBLISH, publish.single()),
            post("/v1/workflows/events/batch", "publish_batch", PUBLISH, publish.batch()),
            post(
                "/v1/workflows/executions/stream",
                "publish_stream_event",
                PUBLISH,
                publish.streamEvent()),
            post(
                "/v2/workflows/events",
                "publish_event_v2",
                PUBLISH,
                publish.routed(tokens).single()),
            post(
                "/v2/workflows/events/batch",
                "publish_batch_v2",
                PUBLISH,
                publish.routed(tokens).batch()),
            // read
            get("/v1/workflows/events/stream", "stream_events", READ, new StreamEvents(log)),
            get(
                "/v1/workflows/executions/{execution_id}/stream",
                "stream_execution",
                READ,
                new StreamExecution(log, workers)),
            get("/v1/workflows/events/list", "list_events", READ, list),
            // what became of runs
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
                new RunRequest.Metrics(log, workers)),
            // what official workers need
            get(
                "/v1/workflows/workers/whoami",
                "worker_whoami",
                PUBLISH,
                Operation.now(forWorkers::whoAmI)),
            post(
                "/v1/workflows/register",
                "worker_register",
                PUBLISH,
                Operation.on(workers, forWorkers::register)), // holds whole schemas
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
                Operation.now(forWorkers::routeToken)),
            // operate
            get("/health/live", "health_live", NONE, Operation.now(_ -> health(Health.READY))),
            get("/health/ready", "health_ready", NONE, Operation.now(_ -> health(health.get()))),
            get(
                "/metrics",
                "metrics",
                NONE,
                Operation.on(
                    workers,
                    _ ->
                        Reply.text(
                            "text/plain; version=0.0.4; charset=utf-8",
                            parts.metrics().scrape().getBytes(UTF_8)))),
            get(
                "/openapi.yaml",
                "openapi",
                NONE,
                Operation.now(_ -> Reply.text("application/yaml", openApi)))));
    return new Routes(table);
  }

  private static Route get(String path, String name, Optional<Right> right, Operation operation) {
    return new Route(GET, path, name, right, operation);
  }

  private static Route post(String path, String name, Optional<Right> right, Operation operation) {
    return new Route(POST, path, name, right, operation);
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

  private static byte[] openApi() {
    try (InputStream file = requireNonNull(Routes.class.getResourceAsStream("/openapi.yaml"))) {
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The route of that method and path; that of `GET` for a `HEAD`.
  ///
  /// @throws ApiException 404 if the path names nothing; 405 if it takes other methods
  Route find(HttpMethod method, String path) {
    Map<HttpMethod, Route> methods = methods(path);
    if (methods == null) {
      throw new ApiException(
          HttpResponseStatus.NOT_FOUND,
          path.startsWith(V2) ? null : ErrorCode.NOT_FOUND,
          "Nothing is here; GET /openapi.yaml describes what there is");
    }
    Route route = methods.get(method.equals(HttpMethod.HEAD) ? GET : method);
    if (route == null) {
      TreeSet<String> allowed = new TreeSet<>();
      methods.keySet().forEach(known -> allowed.add(known.name()));
      if (methods.containsKey(GET)) {
        allowed.add(HttpMethod.HEAD.name());
      }
      String allow = String.join(", ", allowed);
      throw new ApiException(
          HttpResponseStatus.METHOD_NOT_ALLOWED,
          ErrorCode.METHOD_NOT_ALLOWED,
          method.name() + " is not allowed here; use " + allow,
          Map.of("Allow", allow));
    }
    return route;
  }

  private @Nullable Map<HttpMethod, Route> methods(String path) {
    Map<HttpMethod, Route> methods = byPath.get(path);
    if (methods != null) {
      return methods;
    }
    String[] parts = path.split("/", -1);
    return templates.stream()
        .filter(template -> fits(parts, template))
        .findFirst()
        .map(template -> byPath.get(String.join("/", template)))
        .orElse(null);
  }

  private static boolean fits(String[] parts, String[] template) {
    boolean open = template[template.length - 1].endsWith("...}");
    boolean fits = open ? parts.length >= template.length : parts.length == template.length;
    for (int i = 0; fits && i < template.length; i++) {
      fits = template[i].startsWith("{") ? !parts[i].isEmpty() : parts[i].equals(template[i]);
    }
    return fits;
  }
}
