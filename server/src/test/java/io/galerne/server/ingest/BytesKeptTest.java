package io.galerne.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.server.ingest.Published.Form;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import io.galerne.server.log.SampleEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// An event keeps its bytes, except for line breaks between tokens.
class BytesKeptTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e-7",
        "1E400",
        "1e+400",
        "-0",
        "-0.0",
        "0.10",
        "1.0",
        "100000000000000000000",
        "1234567890123456789",
        "1234567890123456789012345678901234567890",
        "0.1234567890123456789",
        "2.2250738585072014E-308",
        "\"\\u00e9\"",
        "\"é\"",
        "\"\\u00E9\"",
        "\"e\\u0301\"",
        "\"\\ud83c\\udf2c\"",
        "\"\uD83C\uDF2C\"",
        "\"\\/\"",
        "\"/\"",
        "\"\\b\\f\\n\\r\\t\\\"\\\\\"",
        "\"\\u0000\"",
        "\"\u007F\"",
        "\"\u2028\u2029\"",
        "\"\uFEFF\"",
        "\"\uFFFF\"",
        "\"\"",
        "[1, 2,\t3 ]",
        "{ }",
        "[ ]",
        "{\"b\":1,\"a\":2}",
        "{\"a\":1,\"a\":2}",
        "{\"\":{}}",
        "{\"$ref\":\"#\"}",
        "[null,true,false]"
      })
  void keepsEveryValueOnEveryLevel(String value) {
    SampleEvent event =
        Schema.full(EventType.CUSTOM_TASK_IN_PROGRESS)
            .with("unknown", value)
            .attribute("unknown", value)
            .attribute(
                "payload",
                "{\"unknown\":"
                    + value
                    + ",\"type\":\"json\",\"value\":"
                    + value
                    + ",\"encoding_options\":null}");
    SampleEvent patch =
        Schema.full(EventType.CUSTOM_TASK_IN_PROGRESS)
            .attribute(
                "payload",
                "{\"type\":\"json_patch\",\"value\":[{\"op\":\"add\",\"path\":\"\",\"x\":"
                    + value
                    + ",\"value\":"
                    + value
                    + "}],\"encoding_options\":null}");
    SampleEvent failure =
        Schema.full(EventType.WORKFLOW_TASK_FAILED)
            .attribute("failure", "{\"cause\":" + value + ",\"message\":\"\"}");
    for (String sent : List.of(event.event(), patch.event(), failure.event())) {
      for (Form form : Form.values()) {
        assertThat(Published.data(form.readEvent(sent))).isEqualTo(sent);
      }
    }
  }

  @Test
  void keepsTheOrderOfMembers() {
    String event =
        """
        {"attributes":{"reason":null,"attempt":1,"task_id":"1"},"schedule_id":null,"chain_run_id":null,\
        "event_type":"WORKFLOW_EXECUTION_CANCELED","workflow_name":"w","zzz":0,\
        "workflow_run_id":"u","workflow_exec_id":"e","root_workflow_exec_id":"r",\
        "first_execution_run_id":null,"continued_run_id":null,"parent_workflow_exec_id":null,\
        "event_timestamp":1,"aaa":{},"event_id":"i"}\
        """;
    assertThat(Published.data(Form.SINGLE.readEvent(event))).isEqualTo(event);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n", "\n\n", " \n\t\r\n "})
  void removesOnlyLineBreaksBetweenTokens(String space) {
    String event = Schema.full(EventType.CUSTOM_TASK_IN_PROGRESS).metadata("{}").event();
    String spread = event.replaceAll("([{}\\[\\],:])", space + "$1" + space);
    String expected = spread.replaceAll("[\r\n]", "").strip();
    for (Form form : Form.values()) {
      EventRecord record = form.readEvent(spread);
      assertThat(Published.data(record)).isEqualTo(expected);
      assertThat(Published.body(record)).doesNotContain("\n", "\r");
      for (Field field : Field.values()) {
        if (field != Field.EVENT_TYPE && field != Field.DATA && record.has(field)) {
          assertThat(record.text(field))
              .as(field.name())
              .isEqualTo(form.readEvent(event).text(field));
        }
      }
    }
  }

  @Test
  void findsValuesAmongLineBreaksAndInsertedMembers() {
    String event =
        """
        {
          "workflow_name": "w",
          "attributes": {
            "input": {
              "value": 1
            },
            "activity_name": "an",
            "task_id": "ai"
          },
          "event_type": "ACTIVITY_TASK_STARTED",
          "workflow_run_id": "u",
          "event_id": "i",
          "workflow_exec_id": "e",
          "root_workflow_exec_id": "r",
          "parent_workflow_exec_id": "p"
        }
        """;
    for (String sent : List.of(event, event.replace("\n", "\r\n"), event.replace("\n", ""))) {
      for (Form form : Form.values()) {
        EventRecord record = form.readEvent(sent);
        assertThat(record.text(Field.EVENT_ID)).isEqualTo("i");
        assertThat(record.text(Field.WORKFLOW_RUN_ID)).isEqualTo("u");
        assertThat(record.text(Field.WORKFLOW_NAME)).isEqualTo("w");
        assertThat(record.text(Field.WORKFLOW_EXEC_ID)).isEqualTo("e");
        assertThat(record.text(Field.ROOT_WORKFLOW_EXEC_ID)).isEqualTo("r");
        assertThat(record.text(Field.PARENT_WORKFLOW_EXEC_ID)).isEqualTo("p");
        assertThat(record.text(Field.ACTIVITY_NAME)).isEqualTo("an");
        assertThat(record.text(Field.ACTIVITY_ID)).isEqualTo("ai");
        assertThat(record.text(Field.STREAM)).isEqualTo("activity");
        assertThat(record.text(Field.NAMESPACE)).isEqualTo(Published.NAMESPACE);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"plain\"                 | plain",
        "\"\\u0070lain\"           | plain",
        "\"caf\\u00e9\"            | café",
        "\"\\ud83c\\udf2c\"        | \uD83C\uDF2C",
        "\"a\\/b\\\\c\\\"d\"       | a/b\\c\"d",
        "\"\\t\"                   | `\t`",
        "\"\\u0000\"               | `\u0000`",
      })
  void filtersByTheValueAndKeepsTheSpelling(String spelled, String value) {
    SampleEvent event =
        SampleEvent.of(EventType.ACTIVITY_TASK_STARTED)
            .with("event_id", spelled)
            .with("root_workflow_exec_id", spelled)
            .with("parent_workflow_exec_id", spelled)
            .with("workflow_exec_id", spelled)
            .with("workflow_run_id", spelled)
            .with("workflow_name", spelled)
            .attribute("task_id", spelled)
            .attribute("activity_name", spelled);
    EventRecord record = Published.single(event.body());
    for (Field field :
        List.of(
            Field.EVENT_ID,
            Field.ROOT_WORKFLOW_EXEC_ID,
            Field.PARENT_WORKFLOW_EXEC_ID,
            Field.WORKFLOW_EXEC_ID,
            Field.WORKFLOW_RUN_ID,
            Field.WORKFLOW_NAME,
            Field.ACTIVITY_ID,
            Field.ACTIVITY_NAME)) {
      assertThat(record.text(field)).as(field.name()).isEqualTo(value);
    }
    assertThat(Published.data(record)).startsWith(event.event().replaceAll("}+$", ""));
    assertThat(Published.body(record))
        .contains("\"workflow_context\":{\"namespace\":\"acme\",\"workflow_name\":" + spelled)
        .contains(",\"root_workflow_exec_id\":" + spelled + "}");

    EventRecord task =
        Published.single(
            SampleEvent.of(EventType.CUSTOM_TASK_STARTED)
                .attribute("custom_task_type", spelled)
                .body());
    assertThat(task.text(Field.STREAM)).isEqualTo(value);
    assertThat(Published.body(task)).startsWith("{\"stream\":" + spelled + ",");
  }

  @ParameterizedTest
  @CsvSource({
    "\\ud83c, \\ufffd",
    "\\uDF2C, \\ufffd",
    "x\\udf2c\\ud83cy, x\\ufffd\\ufffdy",
    "\\ud83c\\ud83c\\udf2c, \\ufffd\\ud83c\\udf2c",
    "\\ud83c\\udf2c\\udf2c, \\ud83c\\udf2c\\ufffd",
    "\\ud83c\\n\\udf2c, \\ufffd\\n\\ufffd",
    "\\\\ud83c, \\\\ud83c",
    "\\\\\\ud83c, \\\\\\ufffd",
    "\\ud83c\\\\udf2c, \\ufffd\\\\udf2c",
    "\\ud7ff\\ue000\\uffff, \\ud7ff\\ue000\\uffff"
  })
  void replacesLoneSurrogatesAnywhere(String sent, String expected) {
    SampleEvent event = Schema.full(EventType.ACTIVITY_TASK_STARTED);
    for (String member : List.of("event_id", "workflow_exec_id", "parent_workflow_exec_id", "x")) {
      event.with(member, "\"" + sent + "\"");
    }
    event
        .attribute("task_id", "\"" + sent + "\"")
        .attribute("y", "{\"" + sent + "\":[\"" + sent + "\"]}");
    for (Form form : Form.values()) {
      EventRecord record = form.readEvent(event.event());
      assertThat(Published.data(record)).isEqualTo(event.event().replace(sent, expected));
      String value = Published.JSON.readTree("\"" + expected + "\"").stringValue();
      for (Field field :
          List.of(
              Field.EVENT_ID,
              Field.WORKFLOW_EXEC_ID,
              Field.PARENT_WORKFLOW_EXEC_ID,
              Field.ACTIVITY_ID)) {
        assertThat(record.text(field)).as(field.name()).isEqualTo(value);
      }
      assertThat(Published.tree(record).path("data").path("x").stringValue()).isEqualTo(value);
    }
  }

  @Test
  void writesTheStreamEventAroundIt() {
    String event = Schema.full(EventType.CUSTOM_TASK_STARTED).with("event_timestamp", "7").event();
    assertThat(Published.body(Form.SINGLE.readEvent(event)))
        .isEqualTo(
            "{\"stream\":\"text\",\"timestamp\":\"1970-01-01T00:00:00.000000007Z\",\"data\":"
                + event
                + ",\"workflow_context\":{\"namespace\":\"acme\",\"workflow_name\":\"text\","
                + "\"workflow_exec_id\":\"text\",\"parent_workflow_exec_id\":\"text\","
                + "\"root_workflow_exec_id\":\"text\"},\"metadata\":{},\"broker_sequence\":");
  }

  @Test
  void writesNullForTheParentOfARoot() {
    for (SampleEvent root :
        List.of(SampleEvent.any(), SampleEvent.any().with("parent_workflow_exec_id", "null"))) {
      EventRecord record = Published.single(root.body());
      assertThat(Published.body(record)).contains("\"parent_workflow_exec_id\":null,\"root_");
      assertThat(record.has(Field.PARENT_WORKFLOW_EXEC_ID)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 1774864800037000000L, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 53})
  void keepsEveryTimestampOf64Bits(long nanos) {
    EventRecord record =
        Published.single(SampleEvent.any().with("event_timestamp", Long.toString(nanos)).body());
    assertThat(Published.tree(record).path("data").path("event_timestamp").longValue())
        .isEqualTo(nanos);
    assertThat(Published.tree(record).path("timestamp").stringValue())
        .isEqualTo(io.galerne.protocol.EventTimestamp.format(nanos));
  }

  @Test
  void timestampsAnEventWithoutOneOnArrival() {
    EventRecord record = Published.single(SampleEvent.any().body());
    assertThat(Published.data(record)).endsWith(",\"event_timestamp\":1774864800000000042}");
    assertThat(Published.tree(record).path("timestamp").stringValue())
        .isEqualTo("2026-03-30T10:00:00.000000042Z");
  }

  @Test
  void keepsALongEventWhole() {
    String text = "é\uD83C\uDF2C\\\"".repeat(100_000);
    String event = Schema.full(EventType.CUSTOM_TASK_STARTED).with("x", "\"" + text + "\"").event();
    assertThat(Published.data(Form.SINGLE.readEvent(event)).getBytes(UTF_8))
        .isEqualTo(event.getBytes(UTF_8));
  }
}
