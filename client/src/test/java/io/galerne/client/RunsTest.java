package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.error.ApiException;
import io.galerne.client.error.DecodingException;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.client.payload.PayloadEncoder;
import io.galerne.client.runs.Run;
import io.galerne.client.runs.RunStatus;
import io.galerne.client.runs.RunsRequest;
import io.galerne.client.runs.WorkflowMetrics;
import io.galerne.protocol.Json;
import io.galerne.protocol.JsonPayload;
import io.galerne.protocol.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunsTest {
  static String run(String execution, String status, String... more) {
    boolean over = !List.of("RUNNING", "PAUSED").contains(status);
    return "{\"workflow_name\":\"review\",\"execution_id\":\""
        + (execution + "\",\"run_id\":\"" + execution + "-run\"")
        + (",\"parent_execution_id\":null,\"root_execution_id\":\"" + execution + "\"")
        + (",\"status\":\"" + status + "\",\"start_time\":\"2026-03-30T10:00:00.000000001Z\"")
        + (",\"end_time\":" + (over ? "\"2026-03-30T10:00:02.500Z\"" : "null"))
        + Arrays.stream(more).map(member -> "," + member).collect(Collectors.joining())
        + "}";
  }

  private static String page(String token, String... runs) {
    return "{\"executions\":["
        + String.join(",", runs)
        + "],\"next_page_token\":"
        + (token == null ? "null" : "\"" + token + "\"")
        + "}";
  }

  @Test
  void listsWithTheDefaultsOfTheOfficialClients() {
    try (ScriptedServer server =
            ScriptedServer.of(wire -> wire.json(200, page(null, run("a", "RUNNING"))));
        Mistral mistral = server.client().build()) {
      Page<Run> page = mistral.workflows().runs().list(b -> {});

      assertThat(page.next()).isEmpty();
      assertThat(page.items()).hasSize(1);
      Run run = page.items().get(0);
      assertThat(run.executionId()).isEqualTo("a");
      assertThat(run.runId()).contains("a-run");
      assertThat(run.workflowName()).isEqualTo("review");
      assertThat(run.parentExecutionId()).isEmpty();
      assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
      assertThat(run.startTime()).isEqualTo("2026-03-30T10:00:00.000000001Z");
      assertThat(run.endTime()).isEmpty();
      assertThat(run.duration()).isEmpty();
      assertThat(run.result()).isEmpty();
      assertThat(server.requests().get(0).target())
          .isEqualTo("/v1/workflows/runs?order=desc&include_internal=true&page_size=50");
    }
  }

  @Test
  void sendsEveryParameterPercentEncoded() {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.json(200, page(null)));
        Mistral mistral = server.client().build()) {
      mistral
          .workflows()
          .runs()
          .list(
              RunsRequest.builder()
                  .workflowIdentifier("a b")
                  .rootExecutionId("r/1")
                  .search("é")
                  .status(RunStatus.FAILED, RunStatus.TIMED_OUT)
                  .deploymentName("d")
                  .userId("current")
                  .workflowTags(List.of("t", "u"))
                  .searchKeys(List.of("k:v"))
                  .includeInternal(false)
                  .sortBy(RunsRequest.SortBy.END_TIME)
                  .order(RunsRequest.Order.ASCENDING)
                  .startTimeAfter(Instant.ofEpochSecond(1))
                  .startTimeBefore(Instant.ofEpochSecond(2))
                  .endTimeAfter(Instant.ofEpochSecond(3))
                  .endTimeBefore(Instant.ofEpochSecond(4, 5))
                  .pageSize(7)
                  .nextPageToken("==")
                  .build());

      assertThat(server.requests().get(0).target())
          .isEqualTo(
              "/v1/workflows/runs?workflow_identifier=a%20b&root_execution_id=r%2F1&search=%C3%A9"
                  + "&status=FAILED&status=TIMED_OUT&deployment_name=d&sort_by=end_time&order=asc"
                  + "&start_time_after=1970-01-01T00%3A00%3A01Z"
                  + "&start_time_before=1970-01-01T00%3A00%3A02Z"
                  + "&end_time_after=1970-01-01T00%3A00%3A03Z"
                  + "&end_time_before=1970-01-01T00%3A00%3A04.000000005Z&user_id=current"
                  + "&workflow_tags=t&workflow_tags=u&include_internal=false&search_key=k%3Av"
                  + "&page_size=7&next_page_token=%3D%3D");
    }
  }

  @Test
  void iteratesOverAllPagesLazily() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.json(200, page("2", run("a", "RUNNING"), run("b", "FAILED"))),
                wire -> wire.json(200, page("3")),
                wire -> wire.json(200, page(null, run("c", "COMPLETED"))));
        Mistral mistral = server.client().build()) {
      Pages<Run> all = mistral.workflows().runs().listAll(b -> b.status(RunStatus.FAILED));
      var runs = all.iterator();

      assertThat(runs.next().executionId()).isEqualTo("a");
      assertThat(server.requests()).hasSize(1);
      assertThat(runs.next().executionId()).isEqualTo("b");
      assertThat(runs.next().executionId()).isEqualTo("c");
      assertThat(runs.hasNext()).isFalse();
      assertThat(server.requests())
          .extracting(request -> request.target().replaceAll(".*page_size=50", ""))
          .containsExactly("", "&next_page_token=2", "&next_page_token=3");
      assertThat(server.requests()).allMatch(request -> request.target().contains("status=FAILED"));
    }
  }

  @Test
  void throwsIfATokenRepeats() {
    try (ScriptedServer server = ScriptedServer.endingWith(wire -> wire.json(200, page("again")));
        Mistral mistral = server.client().build()) {
      assertThatThrownBy(() -> mistral.workflows().runs().listAll(b -> {}).stream().count())
          .isInstanceOf(DecodingException.class)
          .hasMessageContaining("indefinitely");
    }
  }

  @Test
  void refusesInvalidRequests() {
    assertThatThrownBy(() -> RunsRequest.builder().pageSize(0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pageSize must be between 1 and 1000, but is 0");
    assertThatThrownBy(() -> RunsRequest.builder().status(RunStatus.UNKNOWN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void looksUpARunWithAllDigitsOfItsResult() throws Exception {
    String result = "{\"score\": 1e-7, \"id\": 12345678901234567890}";
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.json(200, run("a/1", "COMPLETED", "\"result\":" + result)));
        Mistral mistral = server.client().build()) {
      Run run = mistral.async().workflows().runs().get("a/1 é").get(30, TimeUnit.SECONDS);

      assertThat(run.result().orElseThrow().text()).isEqualTo(result);
      assertThat(run.endTime()).contains(Instant.parse("2026-03-30T10:00:02.5Z"));
      assertThat(run.duration()).contains(Duration.ofMillis(2500).minusNanos(1));
      assertThat(server.requests().get(0).target()).isEqualTo("/v1/workflows/runs/a%2F1%20%C3%A9");
    }
  }

  @Test
  void exposesAnUnknownStatusByName() {
    String odd = "{\"workflow_name\":\"w\",\"execution_id\":\"a\",\"root_execution_id\":\"a\",";
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.json(200, run("a", "PAUSED", "\"user_id\":\"u\"")),
                wire ->
                    wire.json(
                        200, odd + "\"status\":null,\"start_time\":\"2026-03-30T10:00:00\"}"));
        Mistral mistral = server.client().build()) {
      Run paused = mistral.workflows().runs().get("a");
      assertThat(paused.status()).isEqualTo(RunStatus.UNKNOWN);
      assertThat(paused.statusName()).contains("PAUSED");
      assertThat(paused.json().members()).containsEntry("user_id", Json.of("\"u\""));

      Run none = mistral.workflows().runs().get("a");
      assertThat(none.status()).isEqualTo(RunStatus.UNKNOWN);
      assertThat(none.statusName()).isEmpty();
      assertThat(none.startTime()).isEqualTo("2026-03-30T10:00:00Z");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{}", "{\"executions\":7}", "{\"executions\":[{\"run_id\":1}]}"})
  void saysWhatIsWrongWithAResponse(String body) {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.json(200, body));
        Mistral mistral = server.client().build()) {
      assertThatThrownBy(() -> mistral.workflows().runs().list(b -> {}))
          .isInstanceOf(DecodingException.class)
          .hasMessageStartingWith("runs.list: GET " + server.url())
          .hasMessageContaining(body);
    }
  }

  @Test
  void anUnknownRunIsAnError() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.json(404, "{\"detail\":\"No event of such a run is stored\"}"));
        Mistral mistral = server.client().build()) {
      assertThatThrownBy(() -> mistral.workflows().runs().get("none"))
          .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(404))
          .hasMessageContaining("No event of such a run");
      assertThatThrownBy(() -> mistral.workflows().runs().get(""))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("runId is empty");
    }
  }

  @Test
  void decodesAnEncodedResult() {
    String key = "00112233445566778899aabbccddeeff";
    Payload encoded = PayloadEncoder.builder().encrypt(key).build().encode(Payload.of("secret"));
    String bytes = ((JsonPayload) encoded).value().text();
    String result =
        "\"result\":{\"type\":\"json\",\"value\":"
            + (bytes + ",\"encoding_options\":[\"encrypted\"],\"b64payload\":" + bytes + "}");
    try (ScriptedServer server =
            ScriptedServer.endingWith(wire -> wire.json(200, run("a", "COMPLETED", result)));
        Mistral mistral = server.client().build()) {
      Run plain = mistral.workflows().runs().get("a");
      assertThat(plain.result().orElseThrow().members()).containsKey("b64payload");

      PayloadDecoder decoder = PayloadDecoder.builder().key(key).build();
      Run decoded = mistral.workflows().runs().get("a", call -> call.decodePayloads(decoder));
      assertThat(decoded.result()).contains(Json.of("\"secret\""));

      PayloadDecoder without = PayloadDecoder.builder().build();
      assertThatThrownBy(
              () -> mistral.workflows().runs().get("a", call -> call.decodePayloads(without)))
          .isInstanceOf(DecodingException.class);
    }
  }

  @Test
  void countsTheRunsOfAWorkflow() {
    String metrics =
        "{\"execution_count\":{\"value\":6},\"success_count\":{\"value\":4},"
            + "\"error_count\":{\"value\":1},\"average_latency_ms\":{\"value\":3000.5},"
            + "\"latency_over_time\":{\"value\":[[1779999960000,1000.0],[1780000020000,2]]},"
            + "\"retry_rate\":{\"value\":0.25}}";
    try (ScriptedServer server = ScriptedServer.endingWith(wire -> wire.json(200, metrics));
        Mistral mistral = server.client().build()) {
      WorkflowMetrics read =
          mistral
              .workflows()
              .metrics("a/b", b -> b.startTime(Instant.EPOCH).endTime(Instant.EPOCH));
      assertThat(read.executionCount()).isEqualTo(6);
      assertThat(read.successCount()).isEqualTo(4);
      assertThat(read.errorCount()).isEqualTo(1);
      assertThat(read.averageLatencyMs()).isEqualTo(3000.5);
      assertThat(read.latencyOverTime())
          .containsExactly(
              new WorkflowMetrics.Point(1779999960000L, 1000),
              new WorkflowMetrics.Point(1780000020000L, 2));
      assertThat(read.retryRate()).isEqualTo(0.25);
      assertThat(read.json().text()).isEqualTo(metrics);
      assertThat(mistral.workflows().metrics("a").executionCount()).isEqualTo(6);
      assertThat(server.requests())
          .extracting(ScriptedServer.Request::target)
          .containsExactly(
              "/v1/workflows/a%2Fb/metrics?start_time=1970-01-01T00%3A00%3A00Z"
                  + "&end_time=1970-01-01T00%3A00%3A00Z",
              "/v1/workflows/a/metrics");
    }
  }
}
