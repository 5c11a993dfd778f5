package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.payload.PayloadDecoder;
import io.galerne.client.payload.PayloadEncoder;
import io.galerne.client.runs.ExecutionState;
import io.galerne.client.runs.OtelTrace;
import io.galerne.client.runs.RunStatus;
import io.galerne.client.runs.StateRequest;
import io.galerne.client.runs.TaskSnapshot;
import io.galerne.client.runs.TraceEvent;
import io.galerne.client.runs.TraceEvents;
import io.galerne.client.runs.TraceSpan;
import io.galerne.client.runs.TraceSummary;
import io.galerne.protocol.Json;
import io.galerne.protocol.JsonPayload;
import io.galerne.protocol.PatchOperation;
import io.galerne.protocol.Payload;
import io.galerne.protocol.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TraceTest {
  private static final String KEY = "00112233445566778899aabbccddeeff";

  private static ScriptedServer answering(String member) {
    return ScriptedServer.endingWith(wire -> wire.json(200, RunsTest.run("a", "RUNNING", member)));
  }

  @Test
  void aSummaryIsATreeOfSpans() {
    String tree =
        "\"span_tree\":{\"span_id\":\"s1\",\"name\":\"review\","
            + "\"start_time_unix_nano\":1774864800037000001,\"end_time_unix_nano\":null,"
            + "\"attributes\":{\"broker_sequence\":17,\"kind\":\"workflow\",\"attempt\":1},\"events\":[{\"type\":\"EVENT\","
            + "\"name\":\"WORKFLOW_EXECUTION_STARTED\",\"id\":\"e1\","
            + "\"timestamp_unix_nano\":1774864800037000001,\"attributes\":{\"broker_sequence\":18},\"internal\":false}],"
            + "\"children\":[{\"span_id\":\"s2\",\"name\":\"extract\","
            + "\"start_time_unix_nano\":1774864800037000001,"
            + "\"end_time_unix_nano\":1774864800037000002,\"attributes\":{\"none\":null},"
            + "\"events\":[]}]},\"truncated\":true";
    try (ScriptedServer server = answering(tree);
        Mistral mistral = server.client().build()) {
      TraceSummary trace = mistral.workflows().executions().traceSummary("a");

      assertThat(trace.truncated()).isTrue();
      assertThat(trace.run().status()).isEqualTo(RunStatus.RUNNING);
      TraceSpan root = trace.spanTree().orElseThrow();
      assertThat(root.startTime()).isEqualTo(Instant.ofEpochSecond(1774864800, 37000001));
      assertThat(root.duration()).isEmpty();
      assertThat(root.text("kind")).contains("workflow");
      assertThat(root.text("attempt")).isEmpty();
      assertThat(root.attributes()).containsEntry("attempt", Json.of("1"));
      assertThat(root.events()).extracting(TraceEvent::id).containsExactly("e1");
      assertThat(root.events().get(0).progress()).isEmpty();
      assertThat(root.brokerSequence()).hasValue(17);
      assertThat(root.events().get(0).brokerSequence()).hasValue(18);
      TraceSpan child = root.children().get(0);
      assertThat(child.duration()).contains(Duration.ofNanos(1));
      assertThat(child.attributes()).isEqualTo(Map.of("none", Json.NULL));
      assertThat(child.brokerSequence()).isEmpty();
      assertThat(child.children()).isEmpty();

      mistral.workflows().executions().traceSummary("a", b -> b.includeInternalEvents(true));
      assertThat(server.requests())
          .extracting(ScriptedServer.Request::target)
          .containsExactly(
              "/v1/workflows/executions/a/trace/summary",
              "/v1/workflows/executions/a/trace/summary?include_internal_events=true");
    }
  }

  @Test
  void theFlatListHasEventsAndSteps() {
    String events =
        "\"events\":[{\"type\":\"EVENT\",\"name\":\"WORKFLOW_TASK_FAILED\",\"id\":\"e1\","
            + "\"timestamp_unix_nano\":1,\"attributes\":{}},{\"type\":\"EVENT_PROGRESS\","
            + "\"name\":\"extract\",\"id\":\"s2\",\"timestamp_unix_nano\":2,\"attributes\":{},"
            + "\"internal\":true,\"status\":\"FAILED\",\"start_time_unix_ms\":1000,"
            + "\"end_time_unix_ms\":2000,\"error\":\"no disk\"}]";
    try (ScriptedServer server = answering(events);
        Mistral mistral = server.client().build()) {
      TraceEvents trace =
          mistral.workflows().executions().traceEvents("a", b -> b.mergeSameIdEvents(true));

      assertThat(trace.truncated()).isFalse();
      assertThat(trace.events().get(0).progress()).isEmpty();
      assertThat(trace.events().get(1).internal()).isTrue();
      TraceEvent.Step step = trace.events().get(1).progress().orElseThrow();
      assertThat(step.status()).isEqualTo(RunStatus.FAILED);
      assertThat(step.startTime()).isEqualTo(Instant.ofEpochSecond(1));
      assertThat(step.endTime()).contains(Instant.ofEpochSecond(2));
      assertThat(step.failure()).contains("no disk");
      assertThat(server.requests().get(0).target())
          .isEqualTo("/v1/workflows/executions/a/trace/events?merge_same_id_events=true");
    }
  }

  @Test
  void returnsAnOpenTelemetryTraceVerbatim() throws Exception {
    String data = "{\"batches\": [ ]}";
    try (ScriptedServer server =
            ScriptedServer.of(
                wire ->
                    wire.json(
                        200,
                        RunsTest.run(
                            "a",
                            "COMPLETED",
                            "\"data_source\":\"events\",\"otel_trace_id\":\"ab\"",
                            "\"otel_trace_data\":" + data)),
                wire -> wire.json(200, "{\"otel_trace_id\":null,\"has_trace_data\":false}"),
                wire -> wire.json(200, "{\"otel_trace_id\":\"ab\",\"has_trace_data\":true}"));
        Mistral mistral = server.client().build()) {
      Executions executions = mistral.workflows().executions();

      OtelTrace trace =
          mistral
              .async()
              .workflows()
              .executions()
              .traceOtel("a", b -> {})
              .get(30, TimeUnit.SECONDS);
      assertThat(trace.otelTraceId()).contains("ab");
      assertThat(trace.dataSource()).isEqualTo("events");
      assertThat(trace.otelTraceData().orElseThrow().text()).isEqualTo(data);
      assertThat(executions.traceInfo("a").otelTraceId()).isEmpty();
      assertThat(executions.traceInfo("a").otelTraceId()).contains("ab");
      assertThat(server.requests())
          .extracting(ScriptedServer.Request::target)
          .containsExactly(
              "/v1/workflows/executions/a/trace/otel",
              "/v1/workflows/executions/a/trace/info",
              "/v1/workflows/executions/a/trace/info");
    }
  }

  private static String state(String value, String options, String patches) {
    return "{\"execution_id\":\"a\",\"broker_sequence\":9,\"tasks\":[{\"custom_task_id\":\"t\","
        + "\"custom_task_type\":\"answer\",\"run_id\":\"r\",\"status\":\"RUNNING\",\"value\":"
        + (value + ",\"encoding_options\":" + options + ",\"patches\":" + patches)
        + ",\"stale_reason\":\"encrypted\",\"failure\":null,\"reason\":null,\"broker_sequence\":7}]}";
  }

  @Test
  void returnsTheStateOfTasks() {
    try (ScriptedServer server =
            ScriptedServer.endingWith(wire -> wire.json(200, state("{\"n\":1.50}", "null", "[]")));
        Mistral mistral = server.client().build()) {
      ExecutionState state = mistral.workflows().executions().state("a", b -> b.atSeq(9));

      assertThat(state.brokerSequence()).isEqualTo(9);
      TaskSnapshot task = state.tasks().get(0);
      assertThat(task.customTaskId()).isEqualTo("t");
      assertThat(task.customTaskType()).isEqualTo("answer");
      assertThat(task.status()).contains(TaskState.Status.RUNNING);
      assertThat(task.value().orElseThrow().text()).isEqualTo("{\"n\":1.50}");
      assertThat(task.staleReason()).contains("encrypted");
      assertThat(task.brokerSequence()).isEqualTo(7);
      mistral.workflows().executions().state("a");
      assertThat(server.requests())
          .extracting(ScriptedServer.Request::target)
          .containsExactly(
              "/v1/workflows/executions/a/state?at_seq=9", "/v1/workflows/executions/a/state");
      assertThatThrownBy(() -> StateRequest.builder("a").atSeq(-1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void decodesAValueAndAppliesTheRemainingPatches() {
    PayloadEncoder encoder = PayloadEncoder.builder().encrypt(KEY).build();
    JsonPayload value = (JsonPayload) encoder.encode(Payload.of(Map.of("text", "Bon")));
    Payload patch = encoder.encode(Payload.patch(new PatchOperation.Append("/text", "jour")));
    String body = state(value.value().text(), "[\"encrypted\"]", "[" + patch.json().text() + "]");
    PayloadDecoder decoder = PayloadDecoder.builder().key(KEY).build();
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.json(200, body));
        Mistral mistral = server.client().decodePayloads(decoder).build()) {
      List<TaskSnapshot> tasks = mistral.workflows().executions().state("a").tasks();

      assertThat(tasks.get(0).value()).contains(Json.of("{\"text\":\"Bonjour\"}"));
      assertThat(tasks.get(0).staleReason()).isEmpty();
    }
  }
}
