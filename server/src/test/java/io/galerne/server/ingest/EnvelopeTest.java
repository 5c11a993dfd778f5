package io.galerne.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.server.fault.Fault;
import io.galerne.server.fault.InvalidRequestException;
import io.galerne.server.ingest.Published.Form;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import io.galerne.server.log.SampleEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The members around and beside an event, single and in batches (contract, section 3).
class EnvelopeTest {
  private static final String EVENT = SampleEvent.any().id("one").event();

  @ParameterizedTest
  @EnumSource(EventType.class)
  void derivesStreamAndActivityFromTheType(EventType type) {
    EventRecord record = Published.single(SampleEvent.of(type).body());
    boolean isActivity = type.wireName().startsWith("ACTIVITY");
    String stream =
        type.wireName().startsWith("CUSTOM") ? "token" : isActivity ? "activity" : "workflow";
    assertThat(record.text(Field.STREAM)).isEqualTo(stream);
    assertThat(Published.tree(record).path("stream").stringValue()).isEqualTo(stream);
    assertThat(record.text(Field.ACTIVITY_NAME)).isEqualTo(isActivity ? "load" : null);
    assertThat(record.text(Field.ACTIVITY_ID)).isEqualTo(isActivity ? "5" : null);
  }

  @Test
  void usesTheStreamBesideTheEvent() {
    for (EventType type : EventType.values()) {
      for (String stream : List.of("mine", "é", "a b/c", "*")) {
        EventRecord record = Published.single(SampleEvent.of(type).stream(stream).body());
        assertThat(record.text(Field.STREAM)).isEqualTo(stream);
        assertThat(Published.tree(record).path("stream").stringValue()).isEqualTo(stream);
      }
    }
    EventRecord escaped = Published.single("{\"stream\":\"\\u0061\\n\",\"event\":" + EVENT + "}");
    assertThat(escaped.text(Field.STREAM)).isEqualTo("a\n");
    assertThat(Published.body(escaped)).startsWith("{\"stream\":\"\\u0061\\n\",");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"\""})
  void treatsAnEmptyStreamAsNone(String stream) {
    String task = SampleEvent.of(EventType.CUSTOM_TASK_STARTED).event();
    for (String body :
        List.of(
            "{\"event\":" + task + ",\"stream\":" + stream + "}",
            "{\"stream\":" + stream + ",\"event\":" + task + "}")) {
      assertThat(Published.single(body).text(Field.STREAM)).isEqualTo("token");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "true", "[]", "{}"})
  void refusesAStreamThatIsNotAString(String stream) {
    assertFault(
        Form.SINGLE,
        "{\"event\":" + EVENT + ",\"stream\":" + stream + "}",
        "string_type",
        "stream");
    assertFault(
        Form.BATCH,
        "{\"events\":[{\"event\":" + EVENT + ",\"stream\":" + stream + "}]}",
        "string_type",
        "events",
        0,
        "stream");
  }

  @Test
  void replacesLoneSurrogatesInStreamAndMetadata() {
    EventRecord record =
        Published.single(
            "{\"event\":" + EVENT + ",\"stream\":\"a\\ud83c\",\"metadata\":{\"\\uDC00\":1}}");
    assertThat(record.text(Field.STREAM)).isEqualTo("a\uFFFD");
    assertThat(Published.body(record))
        .startsWith("{\"stream\":\"a\\ufffd\"")
        .contains("\"metadata\":{\"\\ufffd\":1}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"tenant\":\"acme\"}",
        "{ \"b\" : 1e-7 , \"a\" : [ { } ] }",
        "{\"\\u0061\":\"\\u00e9\",\"n\":1234567890123456789012345678901234567890}",
        "{\"a\":1,\"a\":2}"
      })
  void keepsMetadataUnchanged(String metadata) {
    for (EventRecord record :
        List.of(
            Published.single("{\"event\":" + EVENT + ",\"metadata\":" + metadata + "}"),
            Published.single("{\"metadata\":" + metadata + ",\"event\":" + EVENT + "}"),
            Published.batch(
                    "{\"events\":[{\"metadata\":" + metadata + ",\"event\":" + EVENT + "}]}")
                .getFirst())) {
      assertThat(record.text(Field.METADATA)).isEqualTo(metadata);
      assertThat(Published.body(record))
          .endsWith("},\"metadata\":" + metadata + ",\"broker_sequence\":");
    }
  }

  @Test
  void removesLineBreaksFromMetadata() {
    EventRecord record =
        Published.single("{\"event\":" + EVENT + ",\"metadata\":{\r\n \"a\":\n1\n}\n}");
    assertThat(record.text(Field.METADATA)).isEqualTo("{ \"a\":1}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}", "{ }", "{\n}"})
  void treatsEmptyMetadataAsNone(String metadata) {
    EventRecord record =
        Published.single("{\"event\":" + EVENT + ",\"metadata\":" + metadata + "}");
    assertThat(record.has(Field.METADATA)).isFalse();
    assertThat(Published.body(record)).endsWith(",\"metadata\":{},\"broker_sequence\":");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "\"a\"", "[]", "true"})
  void refusesMetadataThatIsNotAnObject(String metadata) {
    assertFault(
        Form.SINGLE,
        "{\"event\":" + EVENT + ",\"metadata\":" + metadata + "}",
        "model_attributes_type",
        "metadata");
  }

  /// Numbers that cannot be indexed must be refused before they are in the log.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e2147483648",
        "1e99999999999",
        "1e-99999999999",
        "1000e2147483647",
        "0e99999999999",
        "[1e99999999999]",
        "{\"a\":{\"b\":-1e-99999999999}}",
        "\"1e999999999\"",
        "1e400",
        "1e999999999",
        "-0.0e-2147483648"
      })
  void refusesOrIndexesAMetadataNumberOfAnySize(String number) {
    String body = "{\"event\":" + EVENT + ",\"metadata\":{\"n\":" + number + "}}";
    EventRecord record;
    try {
      record = Published.single(body);
    } catch (InvalidRequestException e) {
      assertThat(e.faults()).extracting(Fault::loc).asString().contains("metadata");
      return;
    }
    assertThat(record.keys()).isNotEmpty();
  }

  @Test
  void ignoresOtherMembersOfTheBody() {
    EventRecord record =
        Published.single(
            "{\"x\":[{\"event\":1}],\"event\":" + EVENT + ",\"scope\":\"x\",\"y\":{}}");
    assertThat(record.text(Field.EVENT_ID)).isEqualTo("one");
  }

  @Test
  void acceptsBareEventsAndEnvelopesInOneBatch() {
    List<EventRecord> records =
        Published.batch(
            "{\"more\":1,\"events\":["
                + String.join(
                    ",",
                    SampleEvent.any().id("bare").event(),
                    SampleEvent.any().id("enveloped").body(),
                    SampleEvent.any().id("with stream").stream("s").body(),
                    "{\"metadata\":{\"a\":1},\"event\":" + SampleEvent.any().id("m").event() + "}",
                    "{\"stream\":\"t\",\"event\":" + SampleEvent.any().id("t").event() + "}",
                    "{\"x\":{\"event_type\":1},\"event\":"
                        + SampleEvent.any().id("unknown first").event()
                        + "}",
                    "{ \"\\u0065vent\" : " + SampleEvent.any().id("escaped").event() + " }",
                    "{\"first\":1," + SampleEvent.any().id("bare too").event().substring(1),
                    "{\"stream\":1," + SampleEvent.any().id("bare, odd").event().substring(1))
                + "],\"trailing\":[]}");
    assertThat(records)
        .extracting(record -> record.text(Field.EVENT_ID))
        .containsExactly(
            "bare",
            "enveloped",
            "with stream",
            "m",
            "t",
            "unknown first",
            "escaped",
            "bare too",
            "bare, odd");
    assertThat(records)
        .extracting(record -> record.text(Field.STREAM))
        .containsExactly(
            "workflow",
            "workflow",
            "s",
            "workflow",
            "t",
            "workflow",
            "workflow",
            "workflow",
            "workflow");
    assertThat(records.get(3).text(Field.METADATA)).isEqualTo("{\"a\":1}");
  }

  @Test
  void acceptsAnEmptyBatch() {
    assertThat(Published.batch("{\"events\":[]}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SINGLE       | []              | model_attributes_type | body",
        "SINGLE       | 1               | model_attributes_type | body",
        "SINGLE       | \"event\"       | model_attributes_type | body",
        "SINGLE       | null            | model_attributes_type | body",
        "SINGLE       | {}              | missing               | body event",
        "SINGLE       | {\"Event\":{}}  | missing               | body event",
        "SINGLE       | {\"event\":null} | model_attributes_type | body event",
        "SINGLE       | {\"event\":[]}  | model_attributes_type | body event",
        "SINGLE       | {\"events\":[]} | missing               | body event",
        "BATCH        | []              | model_attributes_type | body",
        "BATCH        | {}              | missing               | body events",
        "BATCH        | {\"event\":{}}  | missing               | body events",
        "BATCH        | {\"events\":{}} | list_type             | body events",
        "BATCH        | {\"events\":null} | list_type           | body events",
        "BATCH        | {\"events\":[null]} | model_attributes_type | body events 0",
        "BATCH        | {\"events\":[[]]} | model_attributes_type | body events 0",
        "BATCH        | {\"events\":[{\"event\":1}]} | model_attributes_type | body events 0 event",
        "STREAM_EVENT | []              | model_attributes_type | body",
        "STREAM_EVENT | {}              | missing               | body event",
        "STREAM_EVENT | {\"event\":1}   | model_attributes_type | body event",
        "STREAM_EVENT | {\"event\":null} | model_attributes_type | body event",
        "STREAM_EVENT | {\"event\":{}}  | missing               | body event data",
        "STREAM_EVENT | {\"event\":{\"data\":null}} | model_attributes_type | body event data",
      })
  void reportsFaultsAroundTheEvent(Form form, String body, String type, String where) {
    assertThat(Published.faults(form, body))
        .singleElement()
        .satisfies(fault -> {
          assertThat(fault.type()).isEqualTo(type);
          assertThat(fault.loc()).extracting(String::valueOf).containsExactly(where.split(" "));
        });
  }

  @Test
  void reportsTheFaultsOfEveryEventOfABatch() {
    String body =
        "{\"events\":["
            + String.join(
                ",",
                SampleEvent.any().without("event_id").event(),
                SampleEvent.any().event(),
                SampleEvent.any().with("workflow_name", "1").body(),
                "7")
            + "]}";
    assertThat(Published.faults(Form.BATCH, body))
        .extracting(Fault::loc)
        .containsExactly(
            List.of("body", "events", 0, "event_id"),
            List.of("body", "events", 2, "event", "workflow_name"),
            List.of("body", "events", 3));
  }

  /// Otherwise an acknowledged event would be lost.
  @ParameterizedTest
  @CsvSource({"SINGLE", "STREAM_EVENT", "BATCH"})
  void refusesABodyWithTwoEvents(Form form) {
    String other = SampleEvent.any().id("two").event();
    String body =
        switch (form) {
          case SINGLE -> "{\"event\":" + EVENT + ",\"event\":" + other + "}";
          case STREAM_EVENT ->
              "{\"event\":{\"data\":" + EVENT + "},\"event\":{\"data\":" + other + "}}";
          default -> "{\"events\":[{\"event\":" + EVENT + ",\"event\":" + other + "}]}";
        };
    assertThat(Published.faults(form, body)).extracting(Fault::type).contains("duplicate_member");
  }

  private static void assertFault(Form form, String body, String type, Object... path) {
    assertThat(Published.faults(form, body))
        .singleElement()
        .satisfies(fault -> {
          assertThat(fault.type()).isEqualTo(type);
          assertThat(fault.loc().subList(1, fault.loc().size())).containsExactly(path);
        });
  }
}
