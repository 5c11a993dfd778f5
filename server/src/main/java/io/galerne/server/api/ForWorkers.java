package io.galerne.server.api;

import io.galerne.server.http.ApiException;
import io.galerne.server.http.Reply;
import io.galerne.server.http.Request;
import io.galerne.server.ingest.JsonText;
import io.galerne.server.ingest.WorkerBody;
import io.galerne.server.worker.NameBasedId;
import io.galerne.server.worker.RouteTokens;
import io.galerne.server.worker.Temporal;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// The requests of official workers besides publishing (contract, sections 3 and 9). Answers depend
/// only on the request and the settings; nothing is stored.
final class ForWorkers {
  private static final Reply ALL_ACTIVE = Reply.json("{\"all_active\":true}");

  private final Optional<Temporal> temporal;
  private final RouteTokens tokens;

  /// @param temporal the Temporal server for workers; empty if not configured
  ForWorkers(Optional<Temporal> temporal, RouteTokens tokens) {
    this.temporal = temporal;
    this.tokens = tokens;
  }

  /// Answers the address of Temporal.
  Reply whoAmI(Request request) {
    Temporal known =
        temporal.orElseThrow(() ->
            ApiException.notFound(
                "This server has no address of Temporal: set one, as HOST:PORT, on this server or"
                    + " on each worker"));
    return Reply.json(
        "{\"scheduler_url\":"
            + JsonText.quote(known.address())
            + ",\"namespace\":"
            + JsonText.quote(known.namespace())
            + ",\"tls\":"
            + known.tls()
            + ",\"features\":{\"upload_graph\":false,\"events_api_version\":\"v2\"}}");
  }

  /// Registers a worker's workflows.
  Reply register(Request request) {
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

  /// Reports all registrations as active.
  Reply heartbeat(Request request) {
    WorkerBody.heartbeat(request.body());
    return ALL_ACTIVE;
  }

  /// Registers a run.
  Reply registerExecution(Request request) {
    WorkerBody.Run run = WorkerBody.executionRegistration(request.body());
    UUID id = NameBasedId.ofRun(request.caller().namespace(), run.execution(), run.run());
    return Reply.json("{\"execution_id\":\"" + id + "\",\"created\":true}");
  }

  /// Issues a token for publishing a run's events.
  Reply routeToken(Request request) {
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
