package io.galerne.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.QuietServer;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Starts a server for each test of queries about runs.
@Timeout(60)
@ExtendWith(QuietServer.class)
abstract class RunsFixture {
  static final String RUNS = "/v1/workflows/runs";
  static final String EXECUTIONS = "/v1/workflows/executions/";
  static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  RunningServer server;

  @BeforeEach
  void start() {
    server = RunningServer.start(folder.resolve("data"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  void publishScenario() {
    SampleEvents.scenario()
        .forEach(body ->
            assertThat(server.post(RunningServer.SINGLE, body).statusCode()).isEqualTo(200));
  }

  /// The answer of status 200 to a request with these headers: alternating names and values.
  JsonNode get(String target, String... headers) {
    HttpResponse<String> answer = server.get(target, headers);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }
}
