package io.galerne.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;

class EventReaderTest {
  private static final String PROGRESS =
      event(
          "CUSTOM_TASK_IN_PROGRESS",
          "'custom_task_id':'7','custom_task_type':'t','payload':PAYLOAD");

  @Test
  void readsTheHeader() {
    Event event =
        EventReader.event(
            json(
                "{'event_id':'e','event_timestamp':1774864800037000001,"
                    + "'root_workflow_exec_id':'r','parent_workflow_exec_id':'p',"
                    + "'workflow_exec_id':'x','workflow_run_id':'run','workflow_name':'w',"
                    + "'continued_run_id':'c','first_execution_run_id':'f','chain_run_id':'h','schedule_id':null,"
                    + "'event_type':'WORKFLOW_TASK_TIMED_OUT','attributes':{'task_id':'1'}}"));

    assertThat(event.header())
        .isEqualTo(
            EventHeader.builder()
                .eventId("e")
                .eventTimestampNanos(1_774_864_800_037_000_001L)
                .rootWorkflowExecId("r")
                .parentWorkflowExecId("p")
                .workflowExecId("x")
                .workflowRunId("run")
                .workflowName("w")
                .continuedRunId("c")
                .firstExecutionRunId("f")
                .chainRunId("h")
                .build());
    assertThat(event.eventTimestamp()).isEqualTo(Instant.parse("2026-03-30T10:00:00.037000001Z"));
    assertThat(event.parentWorkflowExecId()).contains("p");
    assertThat(event.continuedRunId()).contains("c");
    assertThat(event.firstExecutionRunId()).contains("f");
    assertThat(event.chainRunId()).contains("h");
    assertThat(event.scheduleId()).isEmpty();
    assertThat(event.isOfRoot()).isFalse();
    assertThat(event.endsExecution()).isFalse();
    assertThat(event)
        .isInstanceOfSatisfying(
            WorkflowTaskTimedOut.class, it -> assertThat(it.timeoutType()).isNull());
  }

  @Test
  void readsMembersInAnyOrder() {
    String event =
        json(
            "{'attributes':{'failure':{'trace':[1],'message':'no'},'attempt':3,'activity_name':'a',"
                + "'task_id':'1'},'event_type':'ACTIVITY_TASK_FAILED','workflow_name':'w',"
                + "'workflow_run_id':'run','workflow_exec_id':'x','root_workflow_exec_id':'x',"
                + "'event_timestamp':1,'event_id':'e'}");

    assertThat(EventReader.event(event))
        .isInstanceOfSatisfying(
            ActivityTaskFailed.class,
            failed -> {
              assertThat(failed.attempt()).isEqualTo(3);
              assertThat(failed.failure().message()).isEqualTo("no");
              assertThat(failed.failure().json().text())
                  .isEqualTo(json("{'trace':[1],'message':'no'}"));
              assertThat(failed.isOfRoot()).isTrue();
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e-7",
        "-0",
        "-0.0",
        "1.0",
        "1E+400",
        "9223372036854775807",
        "1234567890123456789",
        "12345678901234567890123",
        "0.1000000000000000055511151231257827",
        "null",
        "true",
        "false",
        "''",
        "'\\ud800'",
        "'\\uDC00x\\ud800'",
        "'\\u00e9\\/\\n'",
        "'é🌬️'",
        "[]",
        "{}",
        "[ 1 ,\t2 ]",
        "{ 'a' : { 'b' : [ ] } , 'a' : 2 }",
        "[[[[[[[[]]]]]]]]"
      })
  void keepsValuesVerbatim(String value) {
    String text = json(value);
    String payload = "{\"value\":" + text + ",\"type\":\"json\"}";
    String frame =
        "{\"metadata\":{\"m\": "
            + text
            + " },\"data\" : "
            + PROGRESS.replace("PAYLOAD", payload)
            + " ,\"broker_sequence\":7}";

    StreamEvent event = EventReader.streamEvent("\n " + frame + " \r\n");

    assertThat(event.json().text()).isEqualTo(frame);
    assertThat(event.metadata()).isEqualTo(Map.of("m", Json.of(text)));
    assertThat(event.data().json().text()).isEqualTo(PROGRESS.replace("PAYLOAD", payload));
    CustomTaskInProgress progress = (CustomTaskInProgress) event.data();
    assertThat(progress.payload()).isEqualTo(new JsonPayload(Json.of(text)));
    assertThat(Events.rendered(progress).text()).contains("\"value\":" + text);
  }

  @Test
  void unescapesStrings() {
    Event event =
        EventReader.event(
            json("{'event_id':'\\u00e9\\ud83c\\udf2c\\n\\ud800','event_type':'NEW','a':'\\\\'}"));

    assertThat(event.eventId()).isEqualTo("é🌬\n\ud800");
  }

  @Test
  void slicesStayExactAfterLongTexts() {
    String value = "{\"long\":\"" + "é🌬️".repeat(20_000) + "\",\"end\":[1,2]}";
    String event = PROGRESS.replace("PAYLOAD", "{\"type\":\"json\",\"value\":" + value + "}");

    assertThat(EventReader.streamEvent(Scenario.streamEvent(event, 1)).data())
        .isInstanceOfSatisfying(
            CustomTaskInProgress.class,
            it -> assertThat(it.payload()).isEqualTo(new JsonPayload(Json.of(value))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'value':1}                                                       | json  | []",
        "{'type':'json','value':1,'encoding_options':null}                 | json  | []",
        "{'type':'json','value':'x','encoding_options':['compressed','new']} | json | [compressed, new]",
        "{'type':'json_patch','value':'x','encoding_options':['encrypted']}  | json_patch | [encrypted]",
        "{'type':'json_patch','value':[]}                                  | json_patch | []",
        "{'type':'json_merge','value':1,'encoding_options':['x']}          | json_merge | []",
        "{'type':'json_merge'}                                             | json_merge | []",
      })
  void readsPayloadsOfEveryKind(String payload, String type, String options) {
    Event event = EventReader.event(PROGRESS.replace("PAYLOAD", json(payload)));

    Payload read = ((CustomTaskInProgress) event).payload();
    assertThat(read.type()).isEqualTo(type);
    assertThat(read.encodingOptions().toString()).isEqualTo(options);
    assertThat(read.isEncoded()).isEqualTo(!options.equals("[]"));
  }

  @Test
  void readsOperations() {
    String patch =
        json(
            "[{'op':'add','path':'/a','value':1e-7},{'value':{'a' : 1},'path':[],'op':'replace'},"
                + "{'op':'remove','path':'/a'},{'op':'append','path':'','value':'x','more':1},"
                + "{'op':'move','from':'/a','path':'/b'},{'op':'add','path':'/a'},7]");

    assertThat(new JsonPatchPayload(Json.of(patch), List.of()).operations().orElseThrow())
        .containsExactly(
            new PatchOperation.Add("/a", Json.of("1e-7")),
            new PatchOperation.Replace("", Json.of(json("{'a' : 1}"))),
            new PatchOperation.Remove("/a", Json.NULL),
            new PatchOperation.Append("", "x"),
            new PatchOperation.Unknown(
                "move", "/b", Json.of(json("{'op':'move','from':'/a','path':'/b'}"))),
            new PatchOperation.Unknown("add", "/a", Json.of(json("{'op':'add','path':'/a'}"))),
            new PatchOperation.Unknown("", "", Json.of("7")));
    assertThat(new JsonPatchPayload(Json.of(patch), List.of("encrypted-partial")).operations())
        .isEmpty();
    assertThat(new JsonPatchPayload(Json.of("\"x\""), List.of()).operations()).isEmpty();
  }

  @Test
  void anUnknownTypeBecomesAnUnknownEvent() {
    String text = event("WORKFLOW_EXECUTION_PAUSED", "'reason':'lunch'");

    Event event = EventReader.event(text);

    assertThat(event)
        .isEqualTo(new UnknownEvent(event.header(), "WORKFLOW_EXECUTION_PAUSED", Json.of(text)));
    assertThat(event.type()).isEmpty();
    assertThat(event.workflowExecId()).isEqualTo("x");
    assertThat(Events.rendered(event).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'custom_task_id':'7','custom_task_type':'t'",
        "'custom_task_id':7,'custom_task_type':'t','payload':{'value':1}",
        "'custom_task_id':null,'custom_task_type':'t','payload':{'value':1}",
        "'custom_task_id':'7','payload':{'value':1}",
        "'custom_task_id':'7','custom_task_type':'t','payload':null",
        "'custom_task_id':'7','custom_task_type':'t','payload':[]",
        "'custom_task_id':'7','custom_task_type':'t','payload':{}",
        "'custom_task_id':'7','custom_task_type':'t','payload':{'type':1,'value':1}",
        "'custom_task_id':'7','custom_task_type':'t','payload':{'value':1,'encoding_options':{}}",
        "'custom_task_id':'7','custom_task_type':'t','payload':{'value':1,'encoding_options':[[]]}",
        "'custom_task_id':'7','custom_task_type':'t','payload':{'type':'json_patch','value':{}}",
      })
  void anIncompleteEventBecomesAnUnknownEventWithAType(String attributes) {
    String text = event("CUSTOM_TASK_IN_PROGRESS", attributes);

    Event event = EventReader.event(text);

    assertThat(event).isInstanceOf(UnknownEvent.class);
    assertThat(event.type()).contains(EventType.CUSTOM_TASK_IN_PROGRESS);
    assertThat(event.eventId()).isEqualTo("e");
    assertThat(event.json().text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'event_id':7",
        "'event_timestamp':1.5",
        "'event_timestamp':'1'",
        "'event_timestamp':9223372036854775808",
        "'workflow_name':[{}]",
        "'workflow_run_id':null",
        "'parent_workflow_exec_id':1",
        "'chain_run_id':[]",
        "'schedule_id':{}",
        "'attributes':7"
      })
  void aHeaderWithWrongTypesBecomesAnUnknownEvent(String member) {
    String text = event("WORKFLOW_TASK_TIMED_OUT", "'task_id':'1'");
    String broken = text.substring(0, text.length() - 1) + "," + json(member) + "}";

    assertThat(EventReader.event(text)).isInstanceOf(WorkflowTaskTimedOut.class);
    assertThat(EventReader.event(broken)).isInstanceOf(UnknownEvent.class);
  }

  @Test
  void anUnknownEventCanEndAnExecution() {
    assertThat(EventReader.event(event("WORKFLOW_EXECUTION_FAILED", "")).endsExecution()).isTrue();
  }

  @Test
  void aMissingAttemptIsTheFirst() {
    Event event =
        EventReader.event(
            event("WORKFLOW_EXECUTION_FAILED", "'task_id':'1','failure':{'message':'m'}"));
    Event third =
        EventReader.event(
            event(
                "WORKFLOW_EXECUTION_FAILED",
                "'task_id':'1','failure':{'message':'m'},'attempt':3"));
    Event wrong =
        EventReader.event(
            event(
                "WORKFLOW_EXECUTION_FAILED",
                "'task_id':'1','failure':{'message':'m'},'attempt':4294967297"));

    assertThat(((WorkflowExecutionFailed) event).attempt()).isEqualTo(1);
    assertThat(((WorkflowExecutionFailed) third).attempt()).isEqualTo(3);
    assertThat(wrong).isInstanceOf(UnknownEvent.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "'x'", "null", "[]", "[{}]", "{}"})
  void anyOtherDataBecomesAnUnknownEvent(String data) {
    StreamEvent event =
        EventReader.streamEvent("{\"data\":" + json(data) + ",\"broker_sequence\":1}");

    assertThat(event.data())
        .isEqualTo(
            new UnknownEvent(
                EventHeader.builder()
                    .eventId("")
                    .eventTimestampNanos(0)
                    .workflowExecId("")
                    .workflowRunId("")
                    .workflowName("")
                    .build(),
                "",
                Json.of(json(data))));
  }

  @Test
  void aStreamEventNeedsOnlyASequence() {
    StreamEvent event =
        EventReader.streamEvent(
            json(
                "{'broker_sequence':3,'stream':1,'timestamp':1,'workflow_context':[],'metadata':7}"));

    assertThat(event.stream()).isEmpty();
    assertThat(event.timestamp()).isEqualTo(Instant.EPOCH);
    assertThat(event.workflowContext()).isEqualTo(new WorkflowContext("", "", "", null, null));
    assertThat(event.metadata()).isEmpty();
    assertThat(event.data().json()).isEqualTo(Json.NULL);
  }

  @Test
  void metadataKeepsItsOrderAndIsUnmodifiable() {
    Map<String, Json> metadata =
        EventReader.streamEvent(json("{'metadata':{'z':1,'a':{'b':2},'m':[]},'broker_sequence':1}"))
            .metadata();

    assertThat(metadata.keySet()).containsExactly("z", "a", "m");
    assertThatThrownBy(metadata::clear).isInstanceOf(UnsupportedOperationException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "7",
        "null",
        "{'broker_sequence':'1'}",
        "{'broker_sequence':1.0}",
        "{'broker_sequence':-1}",
        "{'broker_sequence':9223372036854775808}",
        "{'broker_sequence':null}"
      })
  void aStreamEventWithoutItsSequenceIsMalformed(String text) {
    assertThatThrownBy(() -> EventReader.streamEvent(json(text)))
        .isInstanceOf(MalformedEventException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{'a':}",
        "{'a':1}{",
        "{} x",
        "nul",
        "{'a':01}",
        "'\u0001'",
        "{'a':NaN}",
        "[1,]"
      })
  void invalidJsonIsMalformed(String text) {
    assertThatThrownBy(() -> EventReader.event(json(text)))
        .isInstanceOf(MalformedEventException.class);
    assertThatThrownBy(() -> Json.of(json(text))).isInstanceOf(MalformedEventException.class);
  }

  @Test
  void explainsInvalidJsonWithoutParserTerms() {
    assertThatThrownBy(() -> EventReader.event("not json"))
        .hasMessage("The text cannot be read as JSON, at line 1, column 1: unexpected 'not json'");
    assertThatThrownBy(() -> EventReader.event("{\"a\":}"))
        .hasMessage("The text cannot be read as JSON, at line 1, column 6: unexpected '}'");
    assertThatThrownBy(() -> EventReader.event("{\"a\":1"))
        .hasMessageEndingWith(": it ends before it is complete");
    assertThatThrownBy(() -> EventReader.event("[1, nope" + "\t".repeat(30)))
        .hasMessageContaining(": unexpected 'nope???")
        .hasMessageEndingWith("…'");
  }

  @Test
  void saysWhereTheJsonBreaksOff() {
    assertThatThrownBy(() -> EventReader.event("{\n  \"a\": ?}"))
        .hasMessageStartingWith("The text cannot be read as JSON, at line 2, column ");
  }

  @Test
  void depthIsBounded() {
    String deep = "[".repeat(400) + "]".repeat(400);
    String tooDeep = "[".repeat(100_000) + "]".repeat(100_000);

    assertThat(EventReader.event("{\"x\":" + deep + "}")).isInstanceOf(UnknownEvent.class);
    assertThatThrownBy(() -> EventReader.event("{\"x\":" + tooDeep + "}"))
        .isInstanceOf(MalformedEventException.class)
        .hasMessageContaining("depth");
  }

  @Test
  void acceptsNumbersAndNamesOfAnyLength() {
    String digits = "9".repeat(200_000);
    String text = json("{'broker_sequence':1,'") + "n".repeat(100_000) + "\":" + digits + "}";

    assertThat(EventReader.streamEvent(text).json().text()).isEqualTo(text);
    assertThat(EventReader.event(json("{'event_timestamp':") + digits + "}").eventTimestampNanos())
        .isZero();
  }

  @Test
  void readsPages() {
    String timedOut = event("WORKFLOW_TASK_TIMED_OUT", "'task_id':'1'");

    EventPage page = EventReader.page("{\"next_cursor\":\"c\",\"events\":[" + timedOut + ", 7 ]}");
    EventPage last = EventReader.page("{\"events\":[],\"next_cursor\":null}");

    assertThat(page.events()).hasSize(2).first().isInstanceOf(WorkflowTaskTimedOut.class);
    assertThat(page.nextCursor()).isEqualTo("c");
    assertThat(last).isEqualTo(new EventPage(List.of(), null));
    assertThatThrownBy(() -> EventReader.page("{\"events\":{}}"))
        .isInstanceOf(MalformedEventException.class);
    assertThatThrownBy(() -> EventReader.page("[]")).isInstanceOf(MalformedEventException.class);
  }

  @Test
  void numbersInTreesAreExact() {
    assertThat(Json.of("[1e-7,12345678901234567890,1.10]").as(new TypeReference<List<Object>>() {}))
        .hasToString("[1E-7, 12345678901234567890, 1.10]");
    assertThat(Json.of("1.10").tree().decimalValue()).isEqualTo(new BigDecimal("1.10"));
  }

  private static String event(String type, String attributes) {
    return json(
        "{'event_id':'e','event_timestamp':1,'root_workflow_exec_id':'x',"
            + "'workflow_exec_id':'x','workflow_run_id':'r','workflow_name':'w','event_type':'"
            + type
            + "','attributes':{"
            + attributes
            + "}}");
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}
