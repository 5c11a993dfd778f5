package io.galerne.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.QuietServer;
import io.galerne.server.RunningServer;
import io.galerne.server.access.KeyFile;
import io.galerne.server.access.KeyFile.Created;
import io.galerne.server.access.Right;
import io.galerne.server.worker.Temporal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The requests of a starting worker (contract, section 9).
@Timeout(60)
@ExtendWith(QuietServer.class)
class WorkerRequestTest {
  private static final String WHO_AM_I = "/v1/workflows/workers/whoami";
  private static final String REGISTER = "/v1/workflows/register";
  private static final String HEARTBEAT = "/v1/workflows/workers/heartbeat";
  private static final String EXECUTION = "/v1/workflows/executions/register";
  private static final JsonMapper JSON = JsonMapper.shared();

  private static final String TWO =
      definitions(
          definition("greet", "{\"type\":\"object\"}"),
          definition("export", "{\"type\":\"null\"}"));

  @TempDir Path folder;

  private static String definition(String name, String schema) {
    return "{\"input_schema\":%s,\"name\":\"%s\",\"task_queue\":\"q\"}".formatted(schema, name);
  }

  private static String definitions(String... each) {
    return "{\"definitions\":["
        + String.join(",", each)
        + "],\"deployment_name\":\"local\",\"worker_name\":\"host-1\",\"deployment_location\":null}";
  }

  private static String execution(String id, String run) {
    return "{\"temporal_workflow_id\":\"%s\",\"temporal_run_id\":\"%s\",\"workflow_name\":\"greet\","
            .formatted(id, run)
        + "\"task_queue\":\"q\",\"execution_token_hash\":\"ab\",\"temporal_root_workflow_id\":null,"
        + "\"search_key_metadata\":{}}";
  }

  private static JsonNode ok(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  @Test
  void whoamiReturnsTheAddressOfTemporal() {
    Temporal temporal = new Temporal("temporal.example:7233", "production", true);
    try (RunningServer server =
        RunningServer.start(folder, RunningServer.config().temporal(Optional.of(temporal)))) {
      assertThat(server.get(WHO_AM_I).body())
          .isEqualTo(
              "{\"scheduler_url\":\"temporal.example:7233\",\"namespace\":\"production\","
                  + "\"tls\":true,\"features\":{\"upload_graph\":false,"
                  + "\"events_api_version\":\"v2\"}}");
    }
  }

  @Test
  void whoamiIsNotFoundWithoutTheSetting() {
    try (RunningServer server = RunningServer.start(folder)) {
      HttpResponse<String> answer = server.get(WHO_AM_I);
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body()).contains("no address of Temporal").doesNotContain("--");
    }
  }

  @Test
  void registrationReturnsStableIdsInOrder() {
    String first;
    try (RunningServer server = RunningServer.start(folder)) {
      JsonNode answer = ok(server.post(REGISTER, TWO));
      first = answer.toString();
      assertThat(answer.get("has_conflicts").isBoolean()).isTrue();
      assertThat(answer.get("has_conflicts").asBoolean()).isFalse();
      assertThat(answer.get("workflow_registration_ids").size()).isEqualTo(2);
      assertThat(answer.get("workflow_registration_refs").size()).isEqualTo(2);
      Set<UUID> different = new HashSet<>();
      for (int i = 0; i < 2; i++) {
        JsonNode ref = answer.get("workflow_registration_refs").get(i);
        UUID registration = UUID.fromString(ref.get("workflow_registration_id").asString());
        assertThat(registration.version()).isEqualTo(5);
        assertThat(registration.variant()).isEqualTo(2);
        assertThat(ref.get("workflow_version_id")).isEqualTo(ref.get("workflow_registration_id"));
        assertThat(answer.get("workflow_registration_ids").get(i))
            .isEqualTo(ref.get("workflow_registration_id"));
        different.add(registration);
        different.add(UUID.fromString(ref.get("workflow_id").asString()));
      }
      assertThat(different).hasSize(4);
      JsonNode reversed =
          ok(
              server.post(
                  REGISTER,
                  definitions(
                      definition("export", "{ \"type\" : \"n\\u0075ll\" }"),
                      definition("greet", "{\"type\":\"object\"}"))));
      assertThat(reversed.get("workflow_registration_refs").get(0))
          .isEqualTo(answer.get("workflow_registration_refs").get(1));
      assertThat(reversed.get("workflow_registration_refs").get(1))
          .isEqualTo(answer.get("workflow_registration_refs").get(0));
    }
    try (RunningServer other = RunningServer.start(folder.resolve("another"))) {
      assertThat(ok(other.post(REGISTER, TWO)).toString()).isEqualTo(first);
    }
  }

  @Test
  void aChangedDefinitionIsANewRegistrationOfItsWorkflow() {
    try (RunningServer server = RunningServer.start(folder)) {
      JsonNode before = ref(server, definition("greet", "{\"type\":\"object\"}"));
      JsonNode after = ref(server, definition("greet", "{\"type\":\"string\"}"));
      assertThat(after.get("workflow_id")).isEqualTo(before.get("workflow_id"));
      assertThat(after.get("workflow_registration_id"))
          .isNotEqualTo(before.get("workflow_registration_id"));
      assertThat(ok(server.post(REGISTER, definitions())).get("workflow_registration_refs"))
          .isEmpty();
    }
  }

  private static JsonNode ref(RunningServer server, String definition) {
    return ok(server.post(REGISTER, definitions(definition)))
        .get("workflow_registration_refs")
        .get(0);
  }

  @Test
  void acceptsALargeRegistration() {
    String schema = "{\"description\":\"" + "x".repeat(3_000_000) + "\"}";
    try (RunningServer server = RunningServer.start(folder)) {
      assertThat(ref(server, definition("greet", schema)).get("workflow_id").isString()).isTrue();
    }
  }

  @Test
  void aHeartbeatReportsEverythingActive() {
    try (RunningServer server = RunningServer.start(folder)) {
      for (String refs :
          List.of(
              "",
              ",\"workflow_registration_refs\":[]",
              ",\"workflow_registration_refs\":[{\"workflow_id\":\"a\","
                  + "\"workflow_registration_id\":null}]")) {
        HttpResponse<String> answer =
            server.post(
                HEARTBEAT,
                "{\"deployment_name\":\"local\",\"worker_name\":\"host-1\"" + refs + "}");
        assertThat(answer.body()).isEqualTo("{\"all_active\":true}");
      }
    }
  }

  @Test
  void aRegisteredRunKeepsItsId() {
    try (RunningServer server = RunningServer.start(folder)) {
      JsonNode one = ok(server.post(EXECUTION, execution("a", "run-1")));
      JsonNode again = ok(server.post(EXECUTION, execution("a", "run-1")));
      JsonNode next = ok(server.post(EXECUTION, execution("a", "run-2")));
      assertThat(one.get("created").isBoolean()).isTrue();
      assertThat(UUID.fromString(one.get("execution_id").asString()).version()).isEqualTo(5);
      assertThat(again).isEqualTo(one);
      assertThat(next.get("execution_id")).isNotEqualTo(one.get("execution_id"));
    }
  }

  @Test
  void reportsEveryFault() {
    try (RunningServer server = RunningServer.start(folder)) {
      HttpResponse<String> answer =
          server.post(
              REGISTER,
              "{\"definitions\":[{\"name\":1,\"task_queue\":\"q\"},7],\"worker_name\":[]}");
      assertThat(answer.statusCode()).isEqualTo(422);
      assertThat(answer.body())
          .contains(
              "[\"body\",\"definitions\",0,\"name\"]",
              "[\"body\",\"definitions\",1]",
              "[\"body\",\"worker_name\"]",
              "[\"body\",\"deployment_name\"]");
      assertThat(server.post(EXECUTION, "{}").body())
          .contains("temporal_workflow_id", "temporal_run_id", "execution_token_hash");
      assertThat(server.post(HEARTBEAT, "{}").body()).contains("deployment_name", "worker_name");
    }
  }

  @Test
  void requiresTheRightToPublishAndBindsIdsToTheNamespace() {
    KeyFile keys = new KeyFile(folder.resolve("keys.json"));
    Created acme = keys.add("acme", Set.of(Right.PUBLISH));
    Created other = keys.add("other", Set.of(Right.PUBLISH));
    Created reader = keys.add("acme", Set.of(Right.READ));
    Temporal temporal = new Temporal("127.0.0.1:7233", "default", false);
    try (RunningServer server =
        RunningServer.start(
            folder.resolve("data"),
            RunningServer.config()
                .temporal(Optional.of(temporal))
                .keys(Optional.of(folder.resolve("keys.json"))))) {
      String[] acmes = {"Authorization", "Bearer " + acme.secret()};
      String[] others = {"Authorization", "Bearer " + other.secret()};
      String[] readers = {"Authorization", "Bearer " + reader.secret()};
      assertThat(server.get(WHO_AM_I).statusCode()).isEqualTo(401);
      assertThat(server.get(WHO_AM_I, readers).statusCode()).isEqualTo(403);
      assertThat(server.get(WHO_AM_I, acmes).statusCode()).isEqualTo(200);
      for (String path : List.of(REGISTER, HEARTBEAT, EXECUTION)) {
        assertThat(server.post(path, "{}").statusCode()).isEqualTo(401);
        assertThat(server.post(path, "{}", readers).statusCode()).isEqualTo(403);
        assertThat(server.post(path, "{}", acmes).statusCode()).isEqualTo(422);
      }
      assertThat(server.post(REGISTER, TWO, acmes).body())
          .isNotEqualTo(server.post(REGISTER, TWO, others).body());
      assertThat(server.post(EXECUTION, execution("a", "run-1"), acmes).body())
          .isNotEqualTo(server.post(EXECUTION, execution("a", "run-1"), others).body());
    }
  }

  @Test
  void searchKeysAreNotServed() {
    try (RunningServer server = RunningServer.start(folder)) {
      assertThat(
              server
                  .send(
                      "PATCH",
                      "/v1/workflows/executions/search_keys/a",
                      java.net.http.HttpRequest.BodyPublishers.ofString("{}"))
                  .statusCode())
          .isEqualTo(404);
    }
  }
}
