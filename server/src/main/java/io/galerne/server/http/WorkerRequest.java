package io.galerne.server.http;

import io.galerne.server.access.Right;
import io.galerne.server.ingest.JsonText;
import io.galerne.server.ingest.WorkerBody;
import io.galerne.server.worker.NameBasedId;
import io.galerne.server.worker.RouteTokens;
import io.galerne.server.worker.Temporal;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/// What an official worker asks for besides publishing (contract, sections 3 and 9). Every answer
/// follows from the request and the settings; nothing is stored.
abstract sealed class WorkerRequest implements Operation {
  private final String name;

  private WorkerRequest(String name) {
    this.name = name;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Optional<Right> right() {
    return Optional.of(Right.PUBLISH);
  }

  @Override
  public CompletionStage<Reply> answer(Request request) {
    return CompletableFuture.completedFuture(reply(request));
  }

  abstract Reply reply(Request request);

  /// `GET /v1/workflows/workers/whoami`: where Temporal is.
  static final class WhoAmI extends WorkerRequest {
    private final Optional<Temporal> temporal;

    WhoAmI(Optional<Temporal> temporal) {
      super("worker_whoami");
      this.temporal = temporal;
    }

    @Override
    Reply reply(Request request) {
      Temporal known =
          temporal.orElseThrow(() ->
              new ApiException(
                  HttpResponseStatus.NOT_FOUND,
                  ErrorCode.NOT_FOUND,
                  "This server has no address of Temporal: set one, as HOST:PORT, on this server or on"
                      + " each worker"));
      return Reply.json(
          "{\"scheduler_url\":"
              + JsonText.quote(known.address())
              + ",\"namespace\":"
              + JsonText.quote(known.namespace())
              + ",\"tls\":"
              + known.tls()
              + ",\"features\":{\"upload_graph\":false,\"events_api_version\":\"v2\"}}");
    }
  }

  /// `POST /v1/workflows/register`: the workflows that a worker has.
  static final class Register extends WorkerRequest {
    private final Executor workers;

    Register(Executor workers) {
      super("worker_register");
      this.workers = workers;
    }

    @Override
    public CompletionStage<Reply> answer(Request request) {
      // definitions hold whole schemas, so a request may be large
      return CompletableFuture.supplyAsync(() -> reply(request), workers);
    }

    @Override
    Reply reply(Request request) {
      String namespace = request.caller().namespace();
      WorkerBody.Registration registration = WorkerBody.registration(request.body());
      String ids =
          registration.definitions().stream()
              .map(definition -> "\"" + id(namespace, registration, definition) + "\"")
              .collect(Collectors.joining(","));
      String refs =
          registration.definitions().stream()
              .map(definition -> ref(namespace, registration, definition))
              .collect(Collectors.joining(","));
      return Reply.json(
          "{\"has_conflicts\":false,\"workflow_registration_ids\":["
              + ids
              + "],\"workflow_registration_refs\":["
              + refs
              + "],\"warnings\":[]}");
    }

    private static UUID id(
        String namespace, WorkerBody.Registration of, WorkerBody.Definition definition) {
      return NameBasedId.ofRegistration(
          namespace, of.deployment(), definition.name(), definition.digest());
    }

    private static String ref(
        String namespace, WorkerBody.Registration of, WorkerBody.Definition definition) {
      UUID id = id(namespace, of, definition);
      return "{\"workflow_id\":\"%s\",\"workflow_registration_id\":\"%s\",\"workflow_version_id\":\"%s\"}"
          .formatted(NameBasedId.ofWorkflow(namespace, definition.name()), id, id);
    }
  }

  /// `POST /v1/workflows/workers/heartbeat`: what was registered stays registered.
  static final class Heartbeat extends WorkerRequest {
    private static final Reply ALL_ACTIVE = Reply.json("{\"all_active\":true}");

    Heartbeat() {
      super("worker_heartbeat");
    }

    @Override
    Reply reply(Request request) {
      WorkerBody.heartbeat(request.body());
      return ALL_ACTIVE;
    }
  }

  /// `POST /v1/workflows/executions/register`: a run begins.
  static final class RegisterExecution extends WorkerRequest {
    RegisterExecution() {
      super("worker_register_execution");
    }

    @Override
    Reply reply(Request request) {
      WorkerBody.Run run = WorkerBody.executionRegistration(request.body());
      UUID id = NameBasedId.ofRun(request.caller().namespace(), run.execution(), run.run());
      return Reply.json("{\"execution_id\":\"" + id + "\",\"created\":true}");
    }
  }

  /// `POST /v2/workflows/workers/event-route-token`: a token to publish a run's events with.
  static final class RouteToken extends WorkerRequest {
    private final RouteTokens tokens;

    RouteToken(RouteTokens tokens) {
      super("worker_route_token");
      this.tokens = tokens;
    }

    @Override
    Reply reply(Request request) {
      WorkerBody.Run run = WorkerBody.tokenRequest(request.body());
      String token = tokens.issue(request.caller().namespace(), run.execution(), run.run());
      return Reply.json(
          "{\"route_token\":\""
              + token
              + "\",\"expires_in_seconds\":"
              + RouteTokens.LIFETIME.toSeconds()
              + "}");
    }
  }
}
