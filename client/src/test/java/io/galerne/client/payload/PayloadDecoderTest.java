package io.galerne.client.payload;

import static io.galerne.client.payload.PayloadVector.MAIN;
import static io.galerne.client.payload.PayloadVector.SECONDARY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.protocol.ActivityTaskCompleted;
import io.galerne.protocol.ActivityTaskStarted;
import io.galerne.protocol.CustomTaskCompleted;
import io.galerne.protocol.CustomTaskInProgress;
import io.galerne.protocol.CustomTaskStarted;
import io.galerne.protocol.Event;
import io.galerne.protocol.EventHeader;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.Json;
import io.galerne.protocol.JsonPatchPayload;
import io.galerne.protocol.JsonPayload;
import io.galerne.protocol.Payload;
import io.galerne.protocol.UnknownEvent;
import io.galerne.protocol.UnknownPayload;
import io.galerne.protocol.WorkflowExecutionCompleted;
import io.galerne.protocol.WorkflowExecutionContinuedAsNew;
import io.galerne.protocol.WorkflowExecutionStarted;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Successful decoding. [RefusedPayloadsTest] has the failures.
class PayloadDecoderTest {
  private static final Payload ENCODED = PayloadVector.official("full/object").payload();
  private static final String DECODED =
      "{\"state\": \"running\", \"progress\": 0.5, \"tags\": [\"a\", \"b\"], \"next\": null}";

  private final PayloadDecoder decoder = PayloadDecoder.builder().key(MAIN).build();

  static List<PayloadVector> official() {
    return PayloadVector.read("official-payloads.json");
  }

  @ParameterizedTest
  @MethodSource("official")
  void decodesPayloadsOfTheOfficialClient(PayloadVector vector) {
    assertThat(vector.decoder().decode(vector.payload())).matches(vector::isDecodedBy);
  }

  @Test
  void keepsTheDecryptedValueByteForByte() {
    Payload decoded = decoder.decode(PayloadVector.official("full/spaces").payload());
    assertThat(decoded)
        .isEqualTo(
            new JsonPayload(
                Json.of("{\"b\" : 2.0, \"a\":[1e5, -0, -0.0, 1.50, 12345678901234567890123]}")));
  }

  static Stream<Function<Payload, Event>> eventsWithPayloads() {
    EventHeader header =
        EventHeader.builder()
            .workflowExecId("run-1")
            .workflowRunId("1")
            .workflowName("review")
            .build();
    return Stream.of(
        payload ->
            WorkflowExecutionStarted.builder()
                .header(header)
                .taskId("1")
                .startedWorkflowName("review")
                .input(payload)
                .build(),
        payload ->
            WorkflowExecutionCompleted.builder().header(header).taskId("1").result(payload).build(),
        payload ->
            WorkflowExecutionContinuedAsNew.builder()
                .header(header)
                .taskId("1")
                .newExecutionRunId("run-2")
                .newWorkflowName("review")
                .input(payload)
                .build(),
        payload ->
            CustomTaskStarted.builder()
                .header(header)
                .customTaskId("task")
                .customTaskType("progress")
                .payload(payload)
                .build(),
        payload ->
            CustomTaskInProgress.builder()
                .header(header)
                .customTaskId("task")
                .customTaskType("progress")
                .payload(payload)
                .build(),
        payload ->
            CustomTaskCompleted.builder()
                .header(header)
                .customTaskId("task")
                .customTaskType("progress")
                .payload(payload)
                .build(),
        payload ->
            ActivityTaskStarted.builder()
                .header(header)
                .taskId("task")
                .activityName("extract")
                .input(payload)
                .build(),
        payload ->
            ActivityTaskCompleted.builder()
                .header(header)
                .taskId("task")
                .activityName("extract")
                .result(payload)
                .build());
  }

  @ParameterizedTest
  @MethodSource("eventsWithPayloads")
  void decodesEveryEventType(Function<Payload, Event> event) {
    Event decoded = decoder.decode(event.apply(ENCODED));
    String options =
        decoded.json().text().replace("\"encoding_options\":[]", "\"encoding_options\":null");
    assertThat(EventReader.event(options)).isEqualTo(event.apply(Payload.of(Json.of(DECODED))));
  }

  @Test
  void keepsTheRestOfAnEventVerbatim() {
    String event =
        """
        { "attributes" : {"custom_task_type":"a\\u0062", "more": [1.50, {"x":1e+2}],
          "payload": { "encoding_options":%s, "later":"\\/", "value" : %s ,"type":"json" },
          "custom_task_id": "task" }, "event_type":"CUSTOM_TASK_IN_PROGRESS", "event_timestamp":1774864800000000001,
          "event_id":"é😀", "root_workflow_exec_id":"r","workflow_exec_id":"r","workflow_run_id":"1", "workflow_name":"w" }\
        """;
    Event encoded =
        EventReader.event(
            event.formatted("[ \"encrypted\"\n]", EventPayloads.value(ENCODED).text()));
    Event decoded = decoder.decode(encoded);
    assertThat(decoded.json().text()).isEqualTo(event.formatted("[]", DECODED));
    assertThat(decoded).isInstanceOf(CustomTaskInProgress.class);
    assertThat(((CustomTaskInProgress) decoded).payload())
        .isEqualTo(new JsonPayload(Json.of(DECODED)));
  }

  @Test
  void decodesTheEventOfAStreamEvent() {
    String event =
        "{\"data\": {\"attributes\":{\"payload\":{\"type\":\"json\",\"value\":%s,"
            + "\"encoding_options\":%s}}}, \"broker_sequence\": 7, \"payload\": {\"more\":1}}";
    String encoded = event.formatted(EventPayloads.value(ENCODED), "[\"encrypted\"]");
    assertThat(decoder.decode(EventReader.streamEvent(encoded)))
        .isEqualTo(EventReader.streamEvent(event.formatted(DECODED, "[]")));
  }

  @Test
  void decodesPayloadsOfUnknownEvents() {
    String event =
        "{\"event_type\":\"NEW\",\"attributes\":{\"one\":{\"type\":\"json\",\"value\":%1$s,"
            + "\"encoding_options\":%2$s},\"two\":{\"type\":\"json\",\"value\":%1$s,"
            + "\"encoding_options\":%2$s}}}";
    String encoded = event.formatted(EventPayloads.value(ENCODED), "[\"encrypted\"]");
    Event decoded = decoder.decode(EventReader.event(encoded));
    assertThat(decoded).isInstanceOf(UnknownEvent.class);
    assertThat(decoded.json().text()).isEqualTo(event.formatted(DECODED, "[]"));
  }

  @Test
  void returnsTheSameInstanceIfNothingIsEncoded() {
    Payload plain = Payload.of(List.of("encoding_options"));
    Payload unknown =
        new UnknownPayload("new", Json.of("{\"type\":\"new\",\"encoding_options\":[\"x\"]}"));
    for (Payload payload : List.of(plain, unknown)) {
      assertThat(decoder.decode(payload)).isSameAs(payload);
      eventsWithPayloads()
          .map(event -> event.apply(payload))
          .forEach(event -> assertThat(decoder.decode(event)).isSameAs(event));
    }
    Event failed =
        EventReader.event(
            "{\"attributes\":{\"failure\":{\"message\":\"x\",\"value\":1,"
                + "\"encoding_options\":[\"encrypted\"]},\"payload\":[\"encoding_options\"]}}");
    assertThat(decoder.decode(failed)).isSameAs(failed);
  }

  @Test
  void triesTheSecondaryKeyDuringAKeyRotation() {
    Payload before = PayloadVector.official("full/object").payload();
    PayloadDecoder rotating = PayloadDecoder.builder().key(SECONDARY).secondaryKey(MAIN).build();
    assertThat(rotating.decode(before)).isEqualTo(decoder.decode(before));
  }

  @Test
  void decryptsMarkedStringsInPlainJson() {
    Payload encoded =
        PayloadEncoder.builder()
            .encryptPartially(MAIN)
            .build()
            .encode(Payload.of(Json.of("[{\"field_type\":\"__encrypted_str__\",\"data\":\"é\"}]")));
    byte[] bytes = Base64.getDecoder().decode(EventPayloads.value(encoded).as(String.class));
    Payload asJson =
        new JsonPayload(Json.of(new String(bytes, UTF_8)), List.of("encrypted-partial"));
    assertThat(decoder.decode(asJson)).isEqualTo(decoder.decode(encoded));
  }

  @Test
  void decryptsOnlyEncryptedValuesOfAPatch() {
    Payload decoded = decoder.decode(PayloadVector.official("patch/values").payload());
    JsonPatchPayload patch = (JsonPatchPayload) decoded;
    assertThat(patch.operations().orElseThrow()).hasSize(4);
    assertThat(patch.operations().orElseThrow().get(3).toString())
        .contains("{\"type\":\"other\",\"value\":\"e\"}");
  }

  @Test
  void refusesInvalidKeysWithoutShowingThem() {
    for (String key : List.of("", "secret", MAIN + "00", "g".repeat(32), "é".repeat(64))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> PayloadDecoder.builder().key(key))
          .withMessageStartingWith("A key has ")
          .withMessageNotContaining(key.isEmpty() ? "null" : key)
          .withNoCause();
    }
    assertThatThrownBy(() -> PayloadDecoder.builder().secondaryKey(MAIN).build())
        .isInstanceOf(IllegalStateException.class);
  }
}
