package io.galerne.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.server.fault.Fault;
import io.galerne.server.ingest.Published.Form;
import io.galerne.server.log.SampleEvent;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Payloads: JSON, and JSON Patches with the non-standard operation `append` (contract, section 1).
class PayloadTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "0",
        "-0",
        "1e-7",
        "1E400",
        "1234567890123456789",
        "\"\"",
        "\"é\"",
        "[]",
        "{}",
        "[[[[]]]]",
        "{\"type\":\"json_patch\",\"value\":7}",
        "{\"event_type\":1}"
      })
  void acceptsAnyValueOfAJsonPayload(String value) {
    for (String payload :
        List.of(
            "{\"type\":\"json\",\"value\":" + value + ",\"encoding_options\":null}",
            "{\"value\":" + value + ",\"encoding_options\":[],\"type\":\"json\"}")) {
      assertThat(sentOut(payload)).isEqualTo(payload);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"value\":1} | {\"value\":1,\"type\":\"json\",\"encoding_options\":null}",
        "{\"type\":\"json\",\"value\":1} | {\"type\":\"json\",\"value\":1,\"encoding_options\":null}",
        "{\"value\":1,\"encoding_options\":[]} | {\"value\":1,\"encoding_options\":[],\"type\":\"json\"}",
        "{ \"value\" : 1 } | { \"value\" : 1 ,\"type\":\"json\",\"encoding_options\":null}",
        "{\"type\":\"json_patch\",\"value\":[]} | {\"type\":\"json_patch\",\"value\":[],\"encoding_options\":null}",
        "{\"type\":\"json_patch\",\"value\":[{\"op\":\"remove\",\"path\":\"/a\"}],\"encoding_options\":null} | {\"type\":\"json_patch\",\"value\":[{\"op\":\"remove\",\"path\":\"/a\",\"value\":null}],\"encoding_options\":null}",
        "{\"value\":[{\"path\":\"/a\",\"op\":\"add\" },{\"op\":\"replace\",\"path\":[],\"x\":{}}],\"type\":\"json_patch\"} | {\"value\":[{\"path\":\"/a\",\"op\":\"add\" ,\"value\":null},{\"op\":\"replace\",\"path\":[],\"x\":{},\"value\":null}],\"type\":\"json_patch\",\"encoding_options\":null}",
        "{\"value\":1,\"more\":{\"value\":2}} | {\"value\":1,\"more\":{\"value\":2},\"type\":\"json\",\"encoding_options\":null}",
      })
  void insertsMissingDefaults(String payload, String expected) {
    assertThat(sentOut(payload)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "\"b64==\"",
        "[{\"op\":\"add\",\"path\":\"/a/0\",\"value\":null}]",
        "[{\"value\":{},\"path\":\"/a~1b\",\"op\":\"replace\"}]",
        "[{\"op\":\"remove\",\"path\":\"/a\",\"value\":null}]",
        "[{\"op\":\"append\",\"path\":\"/text\",\"value\":\" mot\"}]",
        "[{\"value\":\" mot\",\"op\":\"append\",\"path\":\"/text\"}]",
        "[{\"op\":\"append\",\"path\":\"/t\",\"value\":{\"type\":\"__encrypted__\",\"value\":\"QQ\"}}]",
        "[{\"value\":{\"value\":\"QQ\",\"type\":\"__encrypted__\"},\"path\":\"\",\"op\":\"append\"}]",
        "[{\"op\":\"replace\",\"path\":\"\",\"value\":1}]",
        "[{\"op\":\"replace\",\"path\":\"/\",\"value\":1}]",
        "[{\"op\":\"replace\",\"path\":[],\"value\":1}]",
        "[{\"op\":\"replace\",\"path\":[ ],\"value\":1,\"from\":\"/x\",\"op2\":2}]",
        "[{\"op\":\"add\",\"path\":\"/a\",\"value\":1},{\"op\":\"append\",\"path\":\"\",\"value\":\"\"}]",
      })
  void acceptsEveryPatchOfTheSchema(String patch) {
    for (String payload :
        List.of(
            "{\"type\":\"json_patch\",\"value\":" + patch + ",\"encoding_options\":null}",
            "{\"encoding_options\":null,\"value\":" + patch + ",\"type\":\"json_patch\"}")) {
      assertThat(sentOut(payload)).isEqualTo(payload);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1                                            | list_type             |",
        "null                                         | list_type             |",
        "{}                                           | list_type             |",
        "[1]                                          | model_attributes_type | 0",
        "[null]                                       | model_attributes_type | 0",
        "[[]]                                         | model_attributes_type | 0",
        "[{\"path\":\"/a\",\"value\":1}]              | missing               | 0 op",
        "[{\"op\":\"add\",\"value\":1}]               | missing               | 0 path",
        "[{\"op\":\"append\",\"path\":\"/a\"}]        | missing               | 0 value",
        "[{\"op\":\"move\",\"path\":\"\",\"value\":1}] | enum                 | 0 op",
        "[{\"op\":\"ADD\",\"path\":\"\",\"value\":1}] | enum                  | 0 op",
        "[{\"op\":null,\"path\":\"\",\"value\":1}]    | enum                  | 0 op",
        "[{\"op\":\"add\",\"path\":1,\"value\":1}]    | string_type           | 0 path",
        "[{\"op\":\"add\",\"path\":null,\"value\":1}] | string_type           | 0 path",
        "[{\"op\":\"add\",\"path\":{},\"value\":1}]   | string_type           | 0 path",
        "[{\"op\":\"add\",\"path\":[\"a\"],\"value\":1}] | string_type        | 0 path",
        "[{\"op\":\"append\",\"path\":\"\",\"value\":1}] | string_type        | 0 value",
        "[{\"op\":\"append\",\"path\":\"\",\"value\":null}] | string_type     | 0 value",
        "[{\"op\":\"append\",\"path\":\"\",\"value\":[]}] | string_type       | 0 value",
        "[{\"op\":\"append\",\"path\":\"\",\"value\":{}}] | string_type       | 0 value",
        "[{\"value\":{\"type\":\"x\"},\"op\":\"append\",\"path\":\"\"}] | string_type | 0 value",
        "[{\"op\":\"append\",\"path\":\"\",\"value\":{\"type\":\"__encrypted__\"}}] | string_type | 0 value",
        "[{\"op\":\"append\",\"path\":\"\",\"value\":{\"type\":\"__encrypted__\",\"value\":1}}] | string_type | 0 value",
        "[{\"op\":\"add\",\"path\":\"\",\"value\":1},7] | model_attributes_type | 1",
      })
  void reportsFaultsOfAPatchWithTheTypeFirstOrLast(String patch, String type, String where) {
    for (String payload :
        List.of(
            "{\"type\":\"json_patch\",\"value\":" + patch + "}",
            "{\"value\":" + patch + ",\"type\":\"json_patch\"}")) {
      Object[] path = path("attributes payload value " + (where == null ? "" : where));
      assertFault(event(payload), type, path);
    }
  }

  @Test
  void reportsEveryFaultOfAPatch() {
    String patch =
        "[{\"op\":\"add\"},{\"path\":1,\"value\":1},{\"op\":\"append\",\"path\":\"\",\"value\":2}]";
    for (Form form : Form.values()) {
      List<Fault> faults =
          form.faultsOf(event("{\"type\":\"json_patch\",\"value\":" + patch + "}").event());
      assertThat(faults)
          .extracting(Fault::loc)
          .containsExactlyInAnyOrder(
              form.loc("attributes", "payload", "value", 0, "path"),
              form.loc("attributes", "payload", "value", 1, "path"),
              form.loc("attributes", "payload", "value", 1, "op"),
              form.loc("attributes", "payload", "value", 2, "value"));
    }
  }

  @Test
  void acceptsAPatchOnlyIfTheSchemaDoes() {
    String patch = "{\"type\":\"json_patch\",\"value\":[]}";
    for (EventType type : EventType.values()) {
      for (Schema.Member member : Schema.attributes(type)) {
        SampleEvent event = SampleEvent.of(type).attribute(member.name(), patch);
        if (member.kind() == Schema.Kind.ANY_PAYLOAD) {
          Form.SINGLE.readEvent(event.event());
        } else if (member.kind() == Schema.Kind.JSON) {
          assertFault(event, "literal_error", "attributes", member.name(), "type");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"JSON\"", "\"patch\"", "\"\"", "null", "1", "{}", "[]"})
  void refusesAPayloadOfAnotherType(String type) {
    assertFault(
        event("{\"type\":" + type + ",\"value\":1}"),
        "literal_error",
        "attributes",
        "payload",
        "type");
  }

  @Test
  void reportsAPayloadsMissingValue() {
    for (String payload : List.of("{}", "{\"type\":\"json\"}", "{\"type\":\"json_patch\"}")) {
      assertFault(event(payload), "missing", "attributes", "payload", "value");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "[\"offloaded\"]",
        "[\"encrypted\",\"compressed\"]",
        "[\"encrypted-partial\",\"compressed\",\"offloaded\",\"encrypted\"]",
        "[\"compressed\",\"compressed\"]"
      })
  void acceptsEveryEncodingOption(String options) {
    String payload = "{\"type\":\"json\",\"value\":\"QQ\",\"encoding_options\":" + options + "}";
    assertThat(sentOut(payload)).isEqualTo(payload);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"compressed\"         | list_type |",
        "{}                     | list_type |",
        "1                      | list_type |",
        "[\"zipped\"]           | enum      | 0",
        "[\"COMPRESSED\"]       | enum      | 0",
        "[\"compressed\",null]  | enum      | 1",
        "[[\"compressed\"]]     | enum      | 0",
        "[{}]                   | enum      | 0",
      })
  void refusesOtherEncodingOptions(String options, String type, String where) {
    assertFault(
        event("{\"type\":\"json\",\"value\":\"QQ\",\"encoding_options\":" + options + "}"),
        type,
        path("attributes payload encoding_options " + (where == null ? "" : where)));
  }

  /// Parsers differ in which of two equal members they use.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"json\",\"value\":1,\"value\":2}",
        "{\"type\":\"json\",\"type\":\"json_patch\",\"value\":[]}",
        "{\"type\":\"json_patch\",\"value\":[],\"value\":1}",
        "{\"value\":1,\"value\":[],\"type\":\"json_patch\"}",
        "{\"type\":\"json\",\"value\":1,\"encoding_options\":null,\"encoding_options\":[]}",
      })
  void refusesADuplicatePayloadMember(String payload) {
    assertThat(Form.SINGLE.faultsOf(event(payload).event()))
        .extracting(Fault::type)
        .contains("duplicate_member");
  }

  private static SampleEvent event(String payload) {
    return Schema.full(EventType.CUSTOM_TASK_IN_PROGRESS).attribute("payload", payload);
  }

  /// The rendered payload.
  private static String sentOut(String payload) {
    String sent = event(payload).event();
    String data = Published.data(Form.SINGLE.readEvent(sent));
    int from = sent.indexOf(payload);
    String behind = sent.substring(from + payload.length());
    assertThat(data).startsWith(sent.substring(0, from)).endsWith(behind);
    return data.substring(from, data.length() - behind.length());
  }

  /// `payload value 0 op` as the steps of a path.
  private static Object[] path(String words) {
    return Arrays.stream(words.strip().split(" "))
        .map(word -> word.matches("\\d+") ? (Object) Integer.valueOf(word) : word)
        .toArray();
  }

  private static void assertFault(SampleEvent event, String type, Object... path) {
    for (Form form : Form.values()) {
      assertThat(form.faultsOf(event.event()))
          .as(event.event())
          .singleElement()
          .satisfies(fault -> {
            assertThat(fault.type()).isEqualTo(type);
            assertThat(fault.loc()).isEqualTo(form.loc(path));
          });
    }
  }
}
