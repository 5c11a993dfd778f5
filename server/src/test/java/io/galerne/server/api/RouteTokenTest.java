package io.galerne.server.api;

import static io.galerne.server.RunningServer.LIST;
import static io.galerne.server.RunningServer.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.QuietServer;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.StreamReader;
import io.galerne.server.access.KeyFile;
import io.galerne.server.access.KeyFile.Created;
import io.galerne.server.access.Right;
import io.galerne.server.log.InMemoryEventLog;
import io.galerne.server.worker.RouteTokens;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The v2 route, which workers take first (contract, section 3).
@Timeout(60)
@ExtendWith(QuietServer.class)
class RouteTokenTest {
  private static final String TOKEN = "/v2/workflows/workers/event-route-token";
  private static final String SINGLE = "/v2/workflows/events";
  private static final String BATCH = "/v2/workflows/events/batch";
  private static final String HEADER = "X-Workflow-Route-Token";
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir Path folder;

  private RunningServer server;

  @BeforeEach
  void start() {
    server = RunningServer.start(folder.resolve("data"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String request(String execution, String run) {
    return JSON.writeValueAsString(
        JSON.createObjectNode()
            .put("workflow_exec_id", execution)
            .put("workflow_run_id", run)
            .putNull("execution_token"));
  }

  private static String token(RunningServer from, String execution, String... headers) {
    HttpResponse<String> answer = from.post(TOKEN, request(execution, "run-1"), headers);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body()).get("route_token").asString();
  }

  private static String single(String id, String execution) {
    return SampleEvents.single(SampleEvents.event(id, execution));
  }

  private static void assertRefused(HttpResponse<String> answer, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
    assertThat(JSON.readTree(answer.body()).get("code").asString()).isEqualTo(code);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
  }

  private String stored() {
    return server.get(LIST).body();
  }

  @Test
  void reportsTheLifetimeOfAToken() {
    JsonNode answer = JSON.readTree(server.post(TOKEN, request("a", "run-1")).body());
    assertThat(answer.propertyNames()).containsExactly("route_token", "expires_in_seconds");
    assertThat(answer.get("expires_in_seconds").isInt()).isTrue();
    assertThat(answer.get("expires_in_seconds").asInt()).isGreaterThan(60);
    assertThat(answer.get("route_token").asString()).matches("[A-Za-z0-9_-]{40,100}");
  }

  @Test
  void publishesOneEventAndABatchWithTheAnswersOfV1() {
    String token = token(server, "a");
    HttpResponse<String> one = server.post(SINGLE, single("e1", "a"), HEADER, token);
    HttpResponse<String> two =
        server.post(
            BATCH,
            SampleEvents.batch(
                List.of(SampleEvents.event("e2", "a"), SampleEvents.event("e3", "a"))),
            HEADER,
            token);
    assertThat(one.statusCode()).isEqualTo(200);
    assertThat(one.body()).isEqualTo("{\"status\":\"success\",\"message\":null}");
    assertThat(two.statusCode()).isEqualTo(200);
    assertThat(two.body())
        .isEqualTo("{\"status\":\"success\",\"message\":null,\"events_received\":2}");
    assertThat(stored()).contains("\"e1\"", "\"e2\"", "\"e3\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "x",
        "AAAA",
        "not base64!",
        "Bearer x",
        "AQAAAABpLCxgAAAAAAAAAAAAAAAAAAA"
      })
  void anythingElseIsAnInvalidToken(String token) {
    assertRefused(
        server.post(SINGLE, single("e1", "a"), HEADER, token), "EVENT_ROUTE_TOKEN_INVALID");
    assertThat(stored()).doesNotContain("e1");
  }

  @Test
  void aMissingTokenIsInvalid() {
    assertRefused(server.post(SINGLE, single("e1", "a")), "EVENT_ROUTE_TOKEN_INVALID");
    assertRefused(
        server.post(BATCH, SampleEvents.batch(List.of(SampleEvents.event("e1", "a")))),
        "EVENT_ROUTE_TOKEN_INVALID");
    assertThat(stored()).doesNotContain("e1");
  }

  @Test
  void everyChangedCharacterMakesATokenInvalid() {
    String token = token(server, "a");
    for (int i = 0; i < token.length() - 1; i++) { // the last one has unused bits
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      String changed = token.substring(0, i) + other + token.substring(i + 1);
      assertRefused(
          server.post(SINGLE, single("e1", "a"), HEADER, changed), "EVENT_ROUTE_TOKEN_INVALID");
    }
    assertThat(stored()).doesNotContain("e1");
  }

  @ParameterizedTest
  @CsvSource({"b,run-1", "a,run-2", "ar,un-1", "A,run-1"})
  void aTokenIsForOneExecutionAndRun(String execution, String run) {
    HttpResponse<String> answer = server.post(TOKEN, request(execution, run));
    String token = JSON.readTree(answer.body()).get("route_token").asString();
    assertRefused(
        server.post(SINGLE, single("e1", "a"), HEADER, token), "EVENT_ROUTE_TOKEN_INVALID");
  }

  @Test
  void refusesABatchOfTwoRuns() {
    String token = token(server, "a");
    for (String other :
        List.of(
            SampleEvents.event("e2", "b"),
            SampleEvents.event("e2", "a").replace("\"run-1\"", "\"run-2\""))) {
      String mixed = SampleEvents.batch(List.of(SampleEvents.event("e1", "a"), other));
      assertRefused(server.post(BATCH, mixed, HEADER, token), "EVENT_ROUTE_TOKEN_INVALID");
    }
    assertThat(stored()).doesNotContain("e1", "e2");
  }

  @Test
  void reportsAnExpiredToken() {
    String logId;
    try (StreamReader reader = server.stream(STREAM).open()) {
      logId = reader.header("galerne-log-id");
    }
    Clock before = Clock.offset(Clock.systemUTC(), RouteTokens.LIFETIME.negated());
    String expired = new RouteTokens(() -> logId, before).issue("default", "a", "run-1");
    Clock later = Clock.offset(before, Duration.ofMinutes(1));
    String valid = new RouteTokens(() -> logId, later).issue("default", "a", "run-1");

    assertRefused(
        server.post(SINGLE, single("e1", "a"), HEADER, expired), "EVENT_ROUTE_TOKEN_EXPIRED");
    assertRefused(
        server.post(SINGLE, single("e1", "b"), HEADER, expired), "EVENT_ROUTE_TOKEN_INVALID");
    assertThat(server.post(SINGLE, single("e2", "a"), HEADER, valid).statusCode()).isEqualTo(200);
    assertThat(stored()).contains("\"e2\"").doesNotContain("\"e1\"");
  }

  @Test
  void aTokenIsValidAfterARestartAndOnAnotherNodeOfTheLog() {
    String token = token(server, "a");
    server.close();
    server = RunningServer.start(folder.resolve("data"));
    assertThat(server.post(SINGLE, single("e1", "a"), HEADER, token).statusCode()).isEqualTo(200);

    try (InMemoryEventLog log = new InMemoryEventLog();
        RunningServer one = RunningServer.over(log);
        RunningServer other = RunningServer.over(log)) {
      String shared = token(one, "a");
      assertThat(other.post(SINGLE, single("e1", "a"), HEADER, shared).statusCode()).isEqualTo(200);
    }
  }

  /// A worker replaces an expired token, and drops its events if the token is invalid.
  @Test
  void aTokenOfTheSameRunOnAnotherLogIsExpired() {
    String before = token(server, "a");
    try (InMemoryEventLog log = new InMemoryEventLog();
        RunningServer restored = RunningServer.over(log)) {
      assertRefused(
          restored.post(SINGLE, single("e2", "a"), HEADER, before), "EVENT_ROUTE_TOKEN_EXPIRED");
      assertRefused(
          restored.post(SINGLE, single("e2", "b"), HEADER, before), "EVENT_ROUTE_TOKEN_INVALID");
      char changed = before.charAt(20) == 'A' ? 'B' : 'A';
      String forged = before.substring(0, 20) + changed + before.substring(21);
      assertRefused(
          restored.post(SINGLE, single("e2", "a"), HEADER, forged), "EVENT_ROUTE_TOKEN_INVALID");
      assertThat(
              restored.post(SINGLE, single("e2", "a"), HEADER, token(restored, "a")).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void checksTheKeyAndBindsTokensToItsNamespace() {
    KeyFile keys = new KeyFile(folder.resolve("keys.json"));
    Created acme = keys.add("acme", Set.of(Right.PUBLISH));
    Created other = keys.add("other", Set.of(Right.READ, Right.PUBLISH));
    Created reader = keys.add("acme", Set.of(Right.READ));
    server.close();
    server =
        RunningServer.start(
            folder.resolve("data"),
            RunningServer.config().keys(Optional.of(folder.resolve("keys.json"))));
    String token = token(server, "a", "Authorization", "Bearer " + acme.secret());

    assertThat(server.post(TOKEN, request("a", "run-1")).body()).contains("\"WF_1101\"");
    assertThat(server.post(SINGLE, single("e1", "a"), HEADER, token).body())
        .contains("\"WF_1101\"");
    String reads = "Bearer " + reader.secret();
    assertThat(server.post(TOKEN, request("a", "run-1"), "Authorization", reads).statusCode())
        .isEqualTo(403);
    assertThat(
            server
                .post(SINGLE, single("e1", "a"), HEADER, token, "Authorization", reads)
                .statusCode())
        .isEqualTo(403);
    assertRefused(
        server.post(
            SINGLE, single("e1", "a"), HEADER, token, "Authorization", "Bearer " + other.secret()),
        "EVENT_ROUTE_TOKEN_INVALID");
    assertThat(
            server
                .post(
                    SINGLE,
                    single("e1", "a"),
                    HEADER,
                    token,
                    "Authorization",
                    "Bearer " + acme.secret())
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void reportsEveryFaultOfATokenRequest() {
    HttpResponse<String> answer = server.post(TOKEN, "{\"workflow_exec_id\":7}");
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body())
        .contains(
            "\"loc\":[\"body\",\"workflow_exec_id\"]", "\"loc\":[\"body\",\"workflow_run_id\"]");
    assertThat(server.post(TOKEN, "[]").statusCode()).isEqualTo(422);
    assertThat(server.post(TOKEN, "{\"workflow_exec_id\":").statusCode()).isEqualTo(422);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v2/", "/v2/workflows", "/v2/workflows/events/list", "/v2/workflows/events/"})
  void anUnknownV2PathIsA404WithoutACode(String path) {
    for (HttpResponse<String> answer : List.of(server.get(path), server.post(path, "{}"))) {
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(JSON.readTree(answer.body()).propertyNames()).containsExactly("detail");
    }
  }
}
