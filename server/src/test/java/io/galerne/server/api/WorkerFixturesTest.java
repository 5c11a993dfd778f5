package io.galerne.server.api;

import static io.galerne.server.RunningServer.LIST;
import static io.galerne.server.RunningServer.STREAM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.QuietServer;
import io.galerne.server.RunningServer;
import io.galerne.server.StreamReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Replays the requests that `mistralai-workflows` 3.16.0 sent while it ran workflows on a Temporal
/// server: all are accepted, and all events are returned unchanged (contract, sections 1 and 3).
@Timeout(120)
@ExtendWith(QuietServer.class)
class WorkerFixturesTest {
  private static final String TOKEN = "/v2/workflows/workers/event-route-token";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /// The members that the contract adds if a worker omitted them.
  private static final Set<String> PUT_IN_AS_NULL =
      Set.of(
          "parent_workflow_exec_id",
          "continued_run_id",
          "first_execution_run_id",
          "chain_run_id",
          "schedule_id",
          "display_name",
          "reason",
          "timeout_type",
          "encoding_options",
          "value");

  @TempDir Path folder;

  private final Map<String, String> tokens = new HashMap<>();

  /// By `event_id`, in the order sent.
  private final Map<String, JsonNode> sent = new LinkedHashMap<>();

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2", "encrypted", "encrypted-partial"})
  void acceptsEveryRequestAndReturnsEveryEventUnchanged(String fixture) throws IOException {
    try (RunningServer server = RunningServer.start(folder)) {
      for (String line : lines(fixture)) {
        JsonNode request = JSON.readTree(line);
        send(server, request.get("path").asString(), request.get("body").asString());
      }
      assertThat(sent).hasSizeGreaterThan(50);
      List<JsonNode> listed = list(server);
      assertThat(listed).hasSameSizeAs(sent.values());
      List<JsonNode> expected = List.copyOf(sent.values());
      for (int i = 0; i < listed.size(); i++) {
        assertKept(expected.get(i), listed.get(i), "");
      }
      try (StreamReader reader = server.stream(STREAM).open()) {
        assertThat(reader.await(listed.size()))
            .extracting(message -> JSON.readTree(message.data()).get("data"))
            .isEqualTo(listed);
      }
    }
  }

  private static List<String> lines(String fixture) throws IOException {
    String file = "/worker/worker-3.16.0-" + fixture + ".ndjson";
    try (InputStream in =
        requireNonNull(WorkerFixturesTest.class.getResourceAsStream(file), file)) {
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    }
  }

  private void send(RunningServer server, String path, String body) {
    JsonNode content = JSON.readTree(body);
    if (path.equals(TOKEN)) {
      String token = JSON.readTree(answer(server, path, body)).get("route_token").asString();
      tokens.put(run(content), token);
      return;
    }
    List<JsonNode> events = new ArrayList<>();
    if (path.endsWith("/batch")) {
      content.get("events").forEach(events::add);
    } else {
      events.add(content.get("event"));
    }
    events.forEach(event -> sent.putIfAbsent(event.get("event_id").asString(), event));
    if (path.startsWith("/v2/")) {
      String token = requireNonNull(tokens.get(run(events.getFirst())));
      answer(server, path, body, "X-Workflow-Route-Token", token);
    } else {
      answer(server, path, body);
    }
  }

  private static String run(JsonNode event) {
    return event.get("workflow_exec_id").asString() + " " + event.get("workflow_run_id").asString();
  }

  private static String answer(RunningServer server, String path, String body, String... headers) {
    HttpResponse<String> answer = server.post(path, body, headers);
    assertThat(answer.statusCode()).as("%s: %s", body, answer.body()).isEqualTo(200);
    return answer.body();
  }

  private static List<JsonNode> list(RunningServer server) {
    List<JsonNode> events = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = JSON.readTree(server.get(LIST + "?limit=40&cursor=" + cursor).body());
      page.get("events").forEach(events::add);
      cursor = page.get("next_cursor").isNull() ? "" : page.get("next_cursor").asString();
    } while (!cursor.isEmpty());
    return events;
  }

  /// Everything sent is there in order; the only additions are nulls that the contract requires, or
  /// a payload's default type.
  private static void assertKept(JsonNode expected, JsonNode found, String at) {
    assertThat(found.getNodeType()).as(at).isEqualTo(expected.getNodeType());
    if (expected.isObject()) {
      assertThat(found.propertyNames().stream().filter(expected.propertyNames()::contains).toList())
          .as(at)
          .containsExactlyElementsOf(expected.propertyNames());
      for (String name : found.propertyNames()) {
        String member = at + "/" + name;
        if (expected.has(name)) {
          assertKept(expected.get(name), found.get(name), member);
        } else if (name.equals("type")) {
          assertThat(found.get(name).asString()).as(member).isEqualTo("json");
        } else {
          assertThat(PUT_IN_AS_NULL).as(member).contains(name);
          assertThat(found.get(name).isNull()).as(member).isTrue();
        }
      }
    } else if (expected.isArray()) {
      assertThat(found.size()).as(at).isEqualTo(expected.size());
      for (int i = 0; i < expected.size(); i++) {
        assertKept(expected.get(i), found.get(i), at + "/" + i);
      }
    } else {
      assertThat(found).as(at).isEqualTo(expected);
    }
  }
}
