package io.galerne.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.server.ingest.Published.Form;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import io.galerne.server.log.SampleEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// The publish form of early workers, with the members around the event.
class StreamFormTest {
  private static final String CONTEXT =
      "{\"activity_name\":\"an\",\"activity_exec_id\":\"ai\",\"activity_attempt_number\":2}";

  private static String body(SampleEvent event, String around) {
    return "{\"event\":{" + around + ",\"data\":" + event.event() + "}}";
  }

  @Test
  void acceptsEverythingThatEarlyWorkersSend() {
    SampleEvent event = SampleEvent.of(EventType.CUSTOM_TASK_STARTED).id("one");
    EventRecord record =
        Published.streamEvent(
            body(
                event,
                """
                "stream":"mine","timestamp_unix_nano":1774864800037000000,\
                "workflow_context":{"namespace":"other","workflow_name":"x"},\
                "activity_context":{"activity_name":"an","activity_exec_id":"ai",\
                "activity_attempt_number":1},"metadata":{"a":1},"broker_sequence":9\
                """));
    assertThat(record.text(Field.EVENT_ID)).isEqualTo("one");
    assertThat(record.text(Field.NAMESPACE)).as("the key's").isEqualTo(Published.NAMESPACE);
    assertThat(record.text(Field.WORKFLOW_NAME)).as("the event's").isEqualTo("review");
    assertThat(record.text(Field.STREAM)).isEqualTo("mine");
    assertThat(record.text(Field.METADATA)).isEqualTo("{\"a\":1}");
    assertThat(record.text(Field.ACTIVITY_NAME)).isEqualTo("an");
    assertThat(record.text(Field.ACTIVITY_ID)).isEqualTo("ai");
    assertThat(Published.tree(record).path("timestamp").stringValue())
        .isEqualTo("2026-03-30T10:00:00.037000000Z");
    assertThat(Published.data(record)).contains(",\"event_timestamp\":1774864800037000000");
    assertThat(Published.tree(record).path("broker_sequence").intValue()).isEqualTo(7);
  }

  @Test
  void theEventsTimestampTakesPrecedence() {
    SampleEvent event = SampleEvent.any().with("event_timestamp", "5");
    EventRecord record = Published.streamEvent(body(event, "\"timestamp_unix_nano\":9"));
    assertThat(Published.tree(record).path("timestamp").stringValue())
        .isEqualTo("1970-01-01T00:00:00.000000005Z");
  }

  @ParameterizedTest
  @CsvSource({
    "\"timestamp_unix_nano\":null,                 2026-03-30T10:00:00.000000042Z",
    "\"timestamp_unix_nano\":-1,                   1969-12-31T23:59:59.999999999Z",
    "\"timestamp_unix_nano\":9223372036854775807,  2262-04-11T23:47:16.854775807Z",
    "\"x\":1,                                      2026-03-30T10:00:00.000000042Z",
  })
  void usesTheTimestampAroundAnEventWithoutOne(String around, String timestamp) {
    EventRecord record = Published.streamEvent(body(SampleEvent.any(), around));
    assertThat(Published.tree(record).path("timestamp").stringValue()).isEqualTo(timestamp);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"timestamp_unix_nano\":\"1\"                 | int_type    | timestamp_unix_nano",
        "\"timestamp_unix_nano\":1.5                   | int_type    | timestamp_unix_nano",
        "\"timestamp_unix_nano\":9223372036854775808   | int_type    | timestamp_unix_nano",
        "\"stream\":1                                  | string_type | stream",
        "\"metadata\":[]                               | model_attributes_type | metadata",
        "\"activity_context\":[]                       | model_attributes_type | activity_context",
        "\"activity_context\":\"x\"                    | model_attributes_type | activity_context",
        "\"activity_context\":{\"activity_name\":1}    | string_type | activity_context activity_name",
        "\"activity_context\":{\"activity_exec_id\":{}} | string_type | activity_context activity_exec_id",
      })
  void reportsFaultsAroundTheEvent(String around, String type, String where) {
    assertThat(Published.faults(Form.STREAM_EVENT, body(SampleEvent.any(), around)))
        .singleElement()
        .satisfies(fault -> {
          assertThat(fault.type()).isEqualTo(type);
          assertThat(fault.loc()).startsWith("body", "event").endsWith(where.split(" "));
        });
  }

  @Test
  void theEventsActivityTakesPrecedence() {
    EventRecord record =
        Published.streamEvent(
            body(
                SampleEvent.of(EventType.ACTIVITY_TASK_STARTED),
                "\"activity_context\":" + CONTEXT));
    assertThat(record.text(Field.ACTIVITY_NAME)).isEqualTo("load");
    assertThat(record.text(Field.ACTIVITY_ID)).isEqualTo("5");
  }

  @ParameterizedTest
  @EnumSource(value = EventType.class, mode = Mode.MATCH_ALL, names = "CUSTOM_.*")
  void aCustomTaskBelongsToTheActivityAroundIt(EventType type) {
    EventRecord record =
        Published.streamEvent(body(SampleEvent.of(type), "\"activity_context\":" + CONTEXT));
    assertThat(record.text(Field.ACTIVITY_NAME)).isEqualTo("an");
    assertThat(record.text(Field.ACTIVITY_ID)).isEqualTo("ai");
  }

  /// The contract's table, section 2: their scope is the workflow.
  @ParameterizedTest
  @EnumSource(value = EventType.class, mode = Mode.MATCH_ALL, names = "WORKFLOW_.*")
  void aWorkflowEventBelongsToNoActivity(EventType type) {
    EventRecord record =
        Published.streamEvent(body(SampleEvent.of(type), "\"activity_context\":" + CONTEXT));
    assertThat(record.text(Field.ACTIVITY_NAME)).isNull();
    assertThat(record.text(Field.ACTIVITY_ID)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "null                                                   | |",
        "{}                                                     | |",
        "{\"activity_name\":null,\"activity_exec_id\":null}     | |",
        "{\"activity_name\":\"an\"}                             | an |",
        "{\"activity_exec_id\":\"ai\"}                          | | ai",
        "{\"activity_name\":\"\\u0061n\",\"activity_exec_id\":\"\\u00e9\"} | an | é",
      })
  void usesAnIncompleteActivityAroundACustomTask(String context, String name, String id) {
    EventRecord record =
        Published.streamEvent(
            body(SampleEvent.of(EventType.CUSTOM_TASK_STARTED), "\"activity_context\":" + context));
    assertThat(record.text(Field.ACTIVITY_NAME)).isEqualTo(name);
    assertThat(record.text(Field.ACTIVITY_ID)).isEqualTo(id);
    assertThat(Published.body(record)).endsWith(",\"broker_sequence\":");
  }
}
