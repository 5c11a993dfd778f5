package io.galerne.server.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.server.log.SampleEvent;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Traces and metrics over HTTP (contract, section 8).
class TraceTest extends RunsFixture {
  /// Publishes the events of an official worker in their original batches.
  private void publishFixture(String version) throws IOException {
    String file = "/worker/worker-3.16.0-" + version + ".ndjson";
    try (InputStream in = requireNonNull(TraceTest.class.getResourceAsStream(file))) {
      for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
        JsonNode request = JSON.readTree(line);
        String path = request.get("path").asString();
        if (path.startsWith("/v1/workflows/events")) {
          assertThat(server.post(path, request.get("body").asString()).statusCode()).isEqualTo(200);
        }
      }
    }
  }

  /// The tree as text: a line per span, two spaces per level, an exclamation mark for a failed span
  /// and an ellipsis for a running one.
  private static List<String> drawn(JsonNode span) {
    List<String> lines = new ArrayList<>();
    draw(span, "", lines);
    return lines;
  }

  private static void draw(JsonNode span, String indent, List<String> lines) {
    JsonNode attributes = span.get("attributes");
    lines.add(
        indent
            + attributes.get("kind").asString()
            + " "
            + span.get("name").asString()
            + (attributes.has("error") ? "!" : "")
            + (span.get("end_time_unix_nano").isNull() ? "…" : ""));
    span.get("children").forEach(child -> draw(child, indent + "  ", lines));
  }

  private List<String> tree(String execution) {
    return drawn(get(EXECUTIONS + execution + "/trace/summary").get("span_tree"));
  }

  @Test
  void aTraceIsTheTreeOfTheExecution() {
    publishScenario();
    assertThat(tree("document-review-7f3a"))
        .containsExactly(
            "workflow document-review",
            "  activity load_document",
            "  activity summarize",
            "    custom_task token",
            "  custom_task progress",
            "  execution fact-check",
            "    workflow fact-check",
            "      activity web_search!",
            "    workflow fact-check",
            "      custom_task reasoning!",
            "      custom_task probe!",
            "      custom_task probe!");
    assertThat(tree("invoice.export%2F2026%20%233"))
        .containsExactly("workflow invoice.export!", "  activity send!");
    assertThat(tree("fact-check-91bd").getFirst()).isEqualTo("execution fact-check");
  }

  @Test
  void aSpanHasTimesAttributesAndEvents() {
    publishScenario();
    JsonNode answer = get(EXECUTIONS + "fact-check-91bd/trace/summary");
    assertThat(answer.get("execution_id").asString()).isEqualTo("fact-check-91bd");
    assertThat(answer.get("status").asString()).isEqualTo("COMPLETED");
    assertThat(answer.get("result").get("score").asDouble()).isEqualTo(0.9375);
    JsonNode search = answer.get("span_tree").get("children").get(0).get("children").get(0);
    assertThat(search.get("start_time_unix_nano").asLong()).isEqualTo(1774864801110435435L);
    assertThat(search.get("end_time_unix_nano").asLong()).isEqualTo(1774864801184496496L);
    assertThat(search.get("attributes").get("attempt").asInt()).isEqualTo(1);
    assertThat(search.get("attributes").get("error").asString())
        .isEqualTo("upstream timed out\nafter 10s");
    assertThat(search.get("attributes").get("result").asString()).startsWith("[\"https://");
    assertThat(search.get("events").valueStream().map(event -> event.get("name").asString()))
        .containsExactly(
            "ACTIVITY_TASK_STARTED", "ACTIVITY_TASK_RETRYING", "ACTIVITY_TASK_COMPLETED");
    JsonNode secret = answer.get("span_tree").get("children").get(1).get("children").get(0);
    assertThat(secret.get("attributes").get("input_encoding").asString()).isEqualTo("encrypted");
    assertThat(secret.get("attributes").has("input")).isFalse();
  }

  @Test
  void everySpanAndEventHasItsSequence() {
    publishScenario();
    Map<String, Long> sequences = new HashMap<>();
    get("/v1/workflows/events/list?limit=1000")
        .get("events")
        .forEach(event -> sequences.put(event.get("event_id").asString(), sequences.size() + 1L));
    JsonNode root = get(EXECUTIONS + "document-review-7f3a/trace/summary").get("span_tree");
    assertThat(checkedSequences(root, sequences)).isGreaterThan(20);
    String events = EXECUTIONS + "fact-check-91bd/trace/events";
    JsonNode started = get(events).get("events").get(1);
    JsonNode retrying = get(events).get("events").get(2);
    JsonNode merged = get(events + "?merge_same_id_events=true").get("events").get(1);
    assertThat(retrying.get("id")).isEqualTo(started.get("id")).isEqualTo(merged.get("id"));
    assertThat(sequence(retrying)).isGreaterThan(sequence(started));
    assertThat(sequence(merged)).isEqualTo(sequence(started));
  }

  /// @return the number of events at and below the span
  private static int checkedSequences(JsonNode span, Map<String, Long> sequences) {
    for (JsonNode event : span.get("events")) {
      assertThat(sequence(event)).isEqualTo(sequences.get(event.get("id").asString()));
    }
    if (!span.get("events").isEmpty()) {
      assertThat(sequence(span)).isLessThanOrEqualTo(sequence(span.get("events").get(0)));
    }
    return span.get("events").size()
        + span.get("children").valueStream().mapToInt(c -> checkedSequences(c, sequences)).sum();
  }

  private static long sequence(JsonNode shown) {
    return shown.get("attributes").get("broker_sequence").asLong();
  }

  @Test
  void aTraceOfAnOfficialWorkerLeavesOutInternalActivities() throws IOException {
    publishFixture("v1");
    assertThat(tree("B1-demo"))
        .containsExactly(
            "workflow demo",
            "  activity stream_tokens",
            "    custom_task llm_tokens",
            "  activity state_shapes",
            "    custom_task shapes",
            "  activity flaky!",
            "  activity returns_none",
            "  custom_task in_workflow",
            "  workflow child",
            "    activity stream_tokens",
            "      custom_task llm_tokens");
    assertThat(
            drawn(
                get(EXECUTIONS + "B1-demo/trace/summary?include_internal_events=true")
                    .get("span_tree")))
        .contains("  activity __internal__emit_workflow_started")
        .hasSizeGreaterThan(15);
  }

  @Test
  void theFlatListHasEveryEventOrOnePerSpan() {
    publishScenario();
    JsonNode events = get(EXECUTIONS + "fact-check-91bd/trace/events").get("events");
    assertThat(events.valueStream().map(TraceTest::line))
        .containsExactly(
            "fact-check RUNNING",
            "web_search RUNNING",
            "web_search RUNNING",
            "web_search COMPLETED",
            "WORKFLOW_TASK_TIMED_OUT",
            "fact-check COMPLETED",
            "fact-check RUNNING",
            "reasoning RUNNING",
            "reasoning FAILED",
            "probe FAILED",
            "probe FAILED",
            "fact-check COMPLETED");
    JsonNode merged =
        get(EXECUTIONS + "fact-check-91bd/trace/events?merge_same_id_events=true").get("events");
    assertThat(merged.valueStream().map(TraceTest::line))
        .containsExactly(
            "fact-check COMPLETED",
            "web_search COMPLETED",
            "WORKFLOW_TASK_TIMED_OUT",
            "fact-check COMPLETED",
            "reasoning FAILED",
            "probe FAILED",
            "probe FAILED");
    JsonNode search = merged.get(1);
    assertThat(search.get("start_time_unix_ms").asLong()).isEqualTo(1774864801110L);
    assertThat(search.get("end_time_unix_ms").asLong()).isEqualTo(1774864801184L);
    assertThat(search.get("error").asString()).contains("timed out");
    assertThat(merged.valueStream().map(event -> event.get("id").asString()))
        .doesNotHaveDuplicates();
  }

  private static String line(JsonNode event) {
    String name = event.get("name").asString();
    return event.get("type").asString().equals("EVENT")
        ? name
        : name + " " + event.get("status").asString();
  }

  @Test
  void listsInternalActivitiesOnlyOnRequest() {
    server.publish(
        SampleEvent.of(EventType.ACTIVITY_TASK_STARTED)
            .attribute("activity_name", "\"__internal__x\"")
            .event());
    assertThat(get(EXECUTIONS + "exec/trace/events").get("events")).isEmpty();
    JsonNode all = get(EXECUTIONS + "exec/trace/events?include_internal_events=true").get("events");
    assertThat(all.get(0).get("internal").asBoolean()).isTrue();
  }

  @Test
  void aCustomTaskOfSeveralActivitiesIsBelowTheRun() {
    server.publish(
        SampleEvent.of(EventType.ACTIVITY_TASK_STARTED).attribute("task_id", "\"1\"").event(),
        SampleEvent.of(EventType.ACTIVITY_TASK_STARTED).attribute("task_id", "\"2\"").event(),
        SampleEvent.of(EventType.CUSTOM_TASK_STARTED).event());
    assertThat(tree("exec"))
        .containsExactly(
            "workflow review…", "  activity load…", "  activity load…", "  custom_task token…");
  }

  @Test
  void spanIdsAreStableWhenMoreEventsArrive() {
    server.publish(SampleEvent.of(EventType.ACTIVITY_TASK_COMPLETED).event());
    String before = spanIds();
    server.publish(
        SampleEvent.of(EventType.ACTIVITY_TASK_STARTED).with("event_timestamp", "1").event(),
        SampleEvent.of(EventType.WORKFLOW_EXECUTION_STARTED).event());
    assertThat(spanIds()).isEqualTo(before);
    JsonNode late = get(EXECUTIONS + "exec/trace/summary").get("span_tree").get("children");
    assertThat(late).as("a start that comes after the end").hasSize(1);
    assertThat(late.get(0).get("start_time_unix_nano").asLong()).isEqualTo(1);
  }

  private String spanIds() {
    JsonNode root = get(EXECUTIONS + "exec/trace/summary").get("span_tree");
    return root.get("span_id").asString() + root.get("children").get(0).get("span_id").asString();
  }

  @Test
  void traceInfoNamesTheTraceOfTheTree() {
    publishScenario();
    JsonNode root = get(EXECUTIONS + "document-review-7f3a/trace/info");
    assertThat(root.get("has_trace_data").asBoolean()).isTrue();
    assertThat(root.get("otel_trace_id").asString()).matches("[0-9a-f]{32}");
    assertThat(get(EXECUTIONS + "fact-check-91bd/trace/info")).isEqualTo(root);
  }

  @Test
  void theOpenTelemetryTraceIsTheSameTree() {
    publishScenario();
    JsonNode answer = get(EXECUTIONS + "document-review-7f3a/trace/otel");
    String traceId = answer.get("otel_trace_id").asString();
    assertThat(traceId)
        .isEqualTo(get(EXECUTIONS + "fact-check-91bd/trace/info").get("otel_trace_id").asString());
    JsonNode batch = answer.get("otel_trace_data").get("batches").get(0);
    assertThat(batch.get("resource").get("attributes").get(0).toString())
        .isEqualTo("{\"key\":\"service.name\",\"value\":{\"stringValue\":\"document-review\"}}");
    List<JsonNode> spans = batch.get("scopeSpans").get(0).get("spans").valueStream().toList();
    assertThat(spans).hasSize(12);
    assertThat(spans)
        .allSatisfy(span -> {
          assertThat(span.get("traceId").asString()).isEqualTo(traceId);
          assertThat(span.get("spanId").asString()).matches("[0-9a-f]{16}");
          assertThat(Long.parseLong(span.get("endTimeUnixNano").asString()))
              .isGreaterThanOrEqualTo(Long.parseLong(span.get("startTimeUnixNano").asString()));
        });
    assertThat(spans).extracting(span -> span.get("spanId").asString()).doesNotHaveDuplicates();
    assertThat(spans.getFirst().has("parentSpanId")).as("receivers refuse null").isFalse();
    assertThat(spans.stream().skip(1))
        .allSatisfy(span ->
            assertThat(spans)
                .extracting(other -> other.get("spanId"))
                .contains(span.get("parentSpanId")));
    JsonNode search =
        spans.stream()
            .filter(span -> span.get("name").asString().equals("web_search"))
            .findFirst()
            .orElseThrow();
    assertThat(search.get("attributes").toString())
        .contains("{\"key\":\"attempt\",\"value\":{\"intValue\":\"1\"}}");
    assertThat(search.get("events").get(1).get("name").asString())
        .isEqualTo("ACTIVITY_TASK_RETRYING");
    assertThat(search.get("status").toString()).isEqualTo("{\"code\":1}");
    assertThat(spans)
        .extracting(span -> span.get("status").toString())
        .contains("{\"code\":2,\"message\":\"timed out: HEARTBEAT\"}");
  }

  @Test
  void answers404WithoutStoredEvents() {
    for (String form : List.of("summary", "events", "otel", "info")) {
      assertThat(server.get(EXECUTIONS + "none/trace/" + form).statusCode()).isEqualTo(404);
    }
    assertThat(
            server.get(EXECUTIONS + "none/trace/events?merge_same_id_events=perhaps").statusCode())
        .isEqualTo(422);
  }

  @Test
  void reportsATraceThatIsTooLarge() {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < 10_001; i++) {
      events.add(
          SampleEvent.of(EventType.ACTIVITY_TASK_STARTED)
              .attribute("task_id", "\"" + i + "\"")
              .event());
      if (events.size() == 1_000) {
        server.publish(events);
        events.clear();
      }
    }
    server.publish(events);
    JsonNode trace = get(EXECUTIONS + "exec/trace/summary");
    assertThat(trace.get("truncated").asBoolean()).isTrue();
    assertThat(trace.get("span_tree").get("children")).hasSize(10_000);
  }

  @Test
  void reportsATraceOfTooManyTasksWithOnlyProgress() {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < 10_002; i++) {
      events.add(
          SampleEvent.of(EventType.CUSTOM_TASK_IN_PROGRESS)
              .attribute("custom_task_id", "\"" + i + "\"")
              .event());
      if (events.size() == 1_000) {
        server.publish(events);
        events.clear();
      }
    }
    server.publish(events);
    JsonNode trace = get(EXECUTIONS + "exec/trace/summary");
    assertThat(trace.get("truncated").asBoolean()).isTrue();
    assertThat(trace.get("span_tree").get("children")).hasSize(10_000);
  }

  @Test
  void reportsATraceThatIsTooDeep() {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      SampleEvent started =
          SampleEvent.of(EventType.WORKFLOW_EXECUTION_STARTED)
              .root("deep-0")
              .exec("deep-" + i)
              .run("run-" + i);
      if (i > 0) {
        started.text("parent_workflow_exec_id", "deep-" + (i - 1));
      }
      events.add(started.event());
    }
    server.publish(events);
    for (String form : List.of("summary", "events", "otel")) {
      JsonNode trace = get(EXECUTIONS + "deep-0/trace/" + form);
      assertThat(trace.get("truncated").asBoolean()).as(form).isTrue();
    }
  }

  @Test
  void metricsCountTheRunsOfAWorkflow() {
    for (int i = 0; i < 6; i++) {
      String run = "run-" + i;
      long start = 1_780_000_000_000_000_000L + i * 60_000_000_000L;
      server.publish(
          SampleEvent.of(EventType.WORKFLOW_EXECUTION_STARTED)
              .run(run)
              .with("event_timestamp", Long.toString(start))
              .event());
      if (i == 1) {
        server.publish(
            SampleEvent.of(EventType.ACTIVITY_TASK_RETRYING)
                .run(run)
                .with("event_timestamp", Long.toString(start + 1))
                .event());
      }
      if (i < 5) {
        server.publish(
            SampleEvent.of(
                    i == 0
                        ? EventType.WORKFLOW_EXECUTION_FAILED
                        : EventType.WORKFLOW_EXECUTION_COMPLETED)
                .run(run)
                .with("event_timestamp", Long.toString(start + (i + 1) * 1_000_000_000L))
                .event());
      }
    }
    JsonNode all = get("/v1/workflows/review/metrics");
    assertThat(value(all, "execution_count")).isEqualTo(6);
    assertThat(value(all, "success_count")).isEqualTo(4);
    assertThat(value(all, "error_count")).isEqualTo(1);
    assertThat(value(all, "average_latency_ms")).isEqualTo(3000);
    assertThat(value(all, "retry_rate")).isEqualTo(1 / 6.0);
    assertThat(all.get("latency_over_time").get("value").toString())
        .startsWith("[[1779999960000,1000.0],[1780000020000,2000.0],")
        .endsWith("[1780000200000,5000.0]]");
    JsonNode some =
        get(
            "/v1/workflows/review/metrics?start_time=2026-05-28T20:27:40Z"
                + "&end_time=2026-05-28T20:28:40Z");
    assertThat(value(some, "execution_count")).isEqualTo(2);
    assertThat(value(get("/v1/workflows/none/metrics"), "average_latency_ms")).isZero();
  }

  @Test
  void findsMetricsOfAWorkflowNamedLikeAPathIfEncoded() {
    EventType started = EventType.WORKFLOW_EXECUTION_STARTED;
    server.publish(
        SampleEvent.of(started).workflow("runs").exec("a").run("metrics").event(),
        SampleEvent.of(started).workflow("executions").exec("metrics").run("b").event());
    assertThat(get(RUNS + "/metrics").get("execution_id").asString()).isEqualTo("a");
    assertThat(get(EXECUTIONS + "metrics").get("run_id").asString()).isEqualTo("b");
    for (String path : List.of("%72uns/", "%65xecutions/")) {
      assertThat(value(get("/v1/workflows/" + path + "metrics"), "execution_count")).isEqualTo(1);
    }
  }

  private static double value(JsonNode metrics, String name) {
    return metrics.get(name).get("value").asDouble();
  }
}
