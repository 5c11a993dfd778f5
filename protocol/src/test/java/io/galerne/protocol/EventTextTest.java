package io.galerne.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTextTest {
  @Test
  void aNewEventHasEveryNullableMember() {
    Event event =
        WorkflowExecutionStarted.builder()
            .header(Events.HEADER)
            .taskId("1")
            .startedWorkflowName("checkout")
            .input(Payload.of(Map.of("a", 1)))
            .build();

    assertThat(event.json().text())
        .isEqualTo(
            """
            {"event_id":"event-1","event_timestamp":1774864800037000000,\
            "root_workflow_exec_id":"checkout-1","parent_workflow_exec_id":null,\
            "continued_run_id":null,"first_execution_run_id":null,"chain_run_id":null,"schedule_id":null,\
            "workflow_exec_id":"checkout-1","workflow_run_id":"run-1","workflow_name":"checkout",\
            "event_type":"WORKFLOW_EXECUTION_STARTED","attributes":{"task_id":"1",\
            "workflow_name":"checkout","display_name":null,\
            "input":{"type":"json","value":{"a":1},"encoding_options":null},"attempt":1}}\
            """);
    assertThat(EventReader.event(event.json().text())).isEqualTo(event);
    assertThat(Events.rendered(event)).isEqualTo(event.json());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"", "\\", "\n\r\t\u0000\u001f\u007f", "é🌬️\u2028", "</script>"})
  void stringsRoundTrip(String text) {
    survives(text);
  }

  @Test
  void loneSurrogatesSurviveUtf8() {
    for (String text : List.of("\ud800", "\udc00x", "a\ud83c", "\ud83c\ud83c\udf2c\udf2c")) {
      survives(text);
    }
  }

  private static void survives(String text) {
    Event event =
        CustomTaskCanceled.builder()
            .header(Events.HEADER.next().eventId(text).build())
            .customTaskId(text)
            .customTaskType(text)
            .reason(text)
            .build();
    String sent = throughUtf8(event.json().text());
    assertThat(EventReader.event(sent)).isEqualTo(event);
    Event carrier = Events.progress(Payload.of(Map.of("text", text)));
    CustomTaskInProgress read =
        (CustomTaskInProgress) EventReader.event(throughUtf8(carrier.json().text()));
    JsonPayload payload = (JsonPayload) read.payload();
    assertThat(payload.value().tree().path("text").asString()).isEqualTo(text);
  }

  private static String throughUtf8(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  @Test
  void rendersPayloadsOfEveryKind() {
    Json json = Json.of("{\"type\":\"json_merge\", \"x\":1e-7}");
    for (Payload payload :
        Arrays.asList(
            new JsonPayload(Json.of("\"AAAA\""), List.of("compressed", "a\"b")),
            new JsonPatchPayload(Json.of("\"AAAA\""), List.of("encrypted")),
            Payload.patch(
                new PatchOperation.Add("/a/-", Json.of("[1]")),
                new PatchOperation.Replace("", Json.NULL),
                new PatchOperation.Remove("/\"a\""),
                new PatchOperation.Append("/a", "b")),
            new UnknownPayload("json_merge", json),
            null)) {
      Event event =
          payload instanceof JsonPatchPayload ? Events.progress(payload) : Events.started(payload);
      assertThat(EventReader.event(event.json().text())).isEqualTo(event);
    }
  }

  @Test
  void operationsRoundTrip() {
    PatchOperation[] operations = {
      new PatchOperation.Add("/a", Json.of("1e-7")), new PatchOperation.Append("", "\"\n\ud800")
    };
    assertThat(Payload.patch(operations).operations().orElseThrow()).containsExactly(operations);
  }

  @Test
  void aHeaderDefaultsToARootAndTheCurrentTime() {
    EventHeader.Builder builder =
        EventHeader.builder().workflowExecId("x").workflowRunId("r").workflowName("w");

    EventHeader header = builder.build();

    assertThat(header.rootWorkflowExecId()).isEqualTo("x");
    assertThat(header.parentWorkflowExecId()).isNull();
    assertThat(header.eventId()).isNotEqualTo(builder.build().eventId());
    assertThat(
            Duration.between(EventTimestamp.instant(header.eventTimestampNanos()), Instant.now()))
        .isBetween(Duration.ofSeconds(-1), Duration.ofMinutes(1));
    assertThat(header.next().eventId(header.eventId()).eventTimestampNanos(7).build())
        .isEqualTo(builder.eventId(header.eventId()).eventTimestampNanos(7).build());
  }

  @Test
  void aHeaderNeedsExecutionRunAndWorkflowName() {
    assertThatThrownBy(() -> EventHeader.builder().build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("workflowExecId");
    assertThatThrownBy(
            () -> Events.HEADER.next().rootWorkflowExecId(null).parentWorkflowExecId("p").build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("rootWorkflowExecId");
  }
}
