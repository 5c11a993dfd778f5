package io.galerne.server.api;

import static io.galerne.server.RunningServer.STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.server.QuietServer;
import io.galerne.server.RawConnection;
import io.galerne.server.RawConnection.Answer;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.StreamReader;
import io.galerne.server.worker.Temporal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Health, metrics and the API description.
@Timeout(60)
@ExtendWith(QuietServer.class)
class OperatorsTest {
  @TempDir Path folder;

  @Test
  void aRunningServerIsLiveAndReady() {
    try (RunningServer server = RunningServer.start(folder)) {
      for (String path : new String[] {"/health/live", "/health/ready"}) {
        HttpResponse<String> answer = server.get(path);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"status\":\"ok\"}");
      }
    }
  }

  @Test
  void metricsCountPublishedAndDeliveredEvents() {
    try (RunningServer server = RunningServer.start(folder);
        StreamReader one = server.stream(STREAM).open();
        StreamReader other = server.stream(STREAM + "?workflow_exec_id=nobody").open()) {
      server.publish(SampleEvents.event("a", "run-1"), SampleEvents.event("b", "run-1"));
      server.publish(SampleEvents.event("a", "run-1"), SampleEvents.event("c", "run-1"));
      one.await(3);

      HttpResponse<String> answer = server.get("/metrics");
      assertThat(answer.headers().firstValue("Content-Type"))
          .hasValue("text/plain; version=0.0.4; charset=utf-8");
      assertThat(answer.body())
          .contains(
              "galerne_info{engine=\"embedded\",version=\"",
              "# TYPE galerne_published_events_total counter",
              "# TYPE galerne_published_bytes_total counter",
              "# TYPE galerne_delivered_events_total counter",
              "# TYPE galerne_delivered_bytes_total counter",
              "# TYPE galerne_readers_live gauge",
              "# TYPE galerne_readers_behind gauge",
              "# TYPE galerne_readers_lag gauge",
              "# TYPE galerne_log_head gauge",
              "# TYPE galerne_log_oldest gauge",
              "# TYPE galerne_log_bytes gauge",
              "# TYPE galerne_commit_latency_seconds histogram",
              "galerne_commit_latency_seconds_bucket{le=\"0.001\"} ",
              "galerne_commit_latency_seconds_bucket{le=\"+Inf\"} 2",
              "# TYPE galerne_delivery_latency_seconds histogram",
              "galerne_delivery_latency_seconds_bucket{le=\"0.001\"} ",
              "galerne_http_requests_total{operation=\"publish_batch\",status=\"200\"} 2");
      assertThat(server.metric("galerne_published_events_total")).isEqualTo(3);
      assertThat(server.metric("galerne_published_bytes_total")).isPositive();
      assertThat(server.metric("galerne_delivered_events_total")).isEqualTo(3);
      assertThat(server.metric("galerne_delivered_bytes_total")).isPositive();
      assertThat(server.metric("galerne_log_head")).isEqualTo(3);
      assertThat(server.metric("galerne_log_oldest")).isEqualTo(1);
      await().until(() -> server.metric("galerne_readers_live") == 2);
      assertThat(other.messages()).isEmpty();
    }
  }

  @Test
  void servesExactlyTheOperationsInOpenApi() {
    Temporal temporal = new Temporal("127.0.0.1:7233", "default", false);
    try (RunningServer server =
        RunningServer.start(folder, RunningServer.config().temporal(Optional.of(temporal)))) {
      HttpResponse<String> description = server.get("/openapi.yaml");
      assertThat(description.statusCode()).isEqualTo(200);
      assertThat(description.headers().firstValue("Content-Type")).hasValue("application/yaml");
      Map<String, String> operations = operations(description.body());
      assertThat(operations)
          .containsOnlyKeys(
              "/v1/workflows/events",
              "/v1/workflows/events/batch",
              "/v1/workflows/events/stream",
              "/v1/workflows/events/list",
              "/v1/workflows/executions/stream",
              "/v1/workflows/executions/{execution_id}",
              "/v1/workflows/executions/{execution_id}/state",
              "/v1/workflows/executions/{execution_id}/stream",
              "/v1/workflows/executions/{execution_id}/trace/events",
              "/v1/workflows/executions/{execution_id}/trace/info",
              "/v1/workflows/executions/{execution_id}/trace/otel",
              "/v1/workflows/executions/{execution_id}/trace/summary",
              "/v1/workflows/executions/register",
              "/v1/workflows/register",
              "/v1/workflows/runs",
              "/v1/workflows/runs/{run_id}",
              "/v1/workflows/{workflow_name}/metrics",
              "/v1/workflows/workers/heartbeat",
              "/v1/workflows/workers/whoami",
              "/v2/workflows/events",
              "/v2/workflows/events/batch",
              "/v2/workflows/workers/event-route-token",
              "/health/live",
              "/health/ready",
              "/metrics",
              "/openapi.yaml");
      operations.forEach((path, method) -> {
        try (RawConnection connection = server.connect()) {
          connection.send(
              method
                  + " "
                  + path.replaceAll("\\{.*}", "a")
                  + " HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\n{}");
          boolean streams = path.endsWith("/stream") && method.equals("GET");
          Answer answer = streams ? connection.head() : connection.answer();
          assertThat(answer.status()).as(path).isNotEqualTo(405).isLessThan(500);
          assertThat(answer.text()).as(path).doesNotContain("There is no such path");
        }
      });
    }
  }

  /// Each path and its method, taken from the layout of the file.
  private static Map<String, String> operations(String yaml) {
    Map<String, String> operations = new LinkedHashMap<>();
    String path = "";
    boolean inPaths = false;
    for (String line : yaml.lines().toList()) {
      if (line.matches("[a-z].*")) {
        inPaths = line.startsWith("paths:");
      } else if (inPaths && line.matches("  ['\"]?/.*:\\s*")) {
        path = line.strip().replaceAll("['\":]", "");
      } else if (inPaths && line.matches("    (get|post|put|delete|patch):.*")) {
        operations.put(path, line.strip().replaceAll(":.*", "").toUpperCase(Locale.ROOT));
      }
    }
    return operations;
  }
}
