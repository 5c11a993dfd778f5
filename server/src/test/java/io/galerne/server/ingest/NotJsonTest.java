package io.galerne.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.server.fault.Fault;
import io.galerne.server.ingest.Published.Form;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.Scenario;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies that are not JSON or not UTF-8: always the one fault `json_invalid`.
class NotJsonTest {
  private static final String BODY =
      Schema.full(EventType.CUSTOM_TASK_IN_PROGRESS)
          .with("escaped", "\"\\u00e9\\n\uD83C\uDF2C\"")
          .with("number", "-1.5e-7")
          .metadata("{\"a\":[true,false,null]}")
          .body();

  private static void assertNotJson(Form form, byte[] body) {
    assertThat(Published.faults(form, body))
        .as(() -> form + " " + new String(body, UTF_8))
        .anySatisfy(fault -> {
          assertThat(fault.type()).isEqualTo("json_invalid");
          assertThat(fault.loc()).startsWith("body").hasSizeLessThanOrEqualTo(2);
          assertThat(fault.msg()).startsWith("JSON decode error");
          assertThat(Published.isJson(fault.input())).isTrue();
          if (!fault.ctx().isEmpty()) {
            assertThat(Published.JSON.readTree(fault.ctx()).path("error").isString()).isTrue();
          }
        });
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void refusesABodyCutAtAnyByte(Form form) {
    for (String event :
        List.of(
            Schema.full(EventType.CUSTOM_TASK_IN_PROGRESS).with("x", "\"é\\u00e9\"").event(),
            "{\"attributes\":{\"task_id\":\"1\"}," + SampleEvent.any().event().substring(1))) {
      byte[] body = form.around(event);
      for (int length = 0; length < body.length; length++) {
        assertThat(Published.faults(form, Arrays.copyOf(body, length))).isNotEmpty();
      }
    }
  }

  @Test
  void refusesTheScenarioCutAtAnyByte() {
    for (String body : Scenario.bodies()) {
      byte[] whole = body.getBytes(UTF_8);
      for (int length = 0; length < whole.length; length++) {
        assertThat(Published.faults(Form.SINGLE, Arrays.copyOf(whole, length)))
            .extracting(Fault::type)
            .contains("json_invalid");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\n",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "nul",
        "tru",
        "-",
        "1e",
        "01",
        "+1",
        ".5",
        "{]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{a:1}",
        "{'a':1}",
        "[1,]",
        "NaN",
        "Infinity",
        "// x\n{}",
        "/* */{}",
        "{}{}",
        "{} x",
        "{}]",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u00g0\"}",
        "{\"a\":0x1}",
        "{\"a\":1 2}",
        "{\"event\" {}}",
        "\u00a0{}",
        "\u000b{}"
      })
  void refusesMalformedJson(String body) {
    for (Form form : Form.values()) {
      assertNotJson(form, body.getBytes(UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,}",
        "\"\t\"",
        "\"\\x\"",
        "01",
        "1.",
        ".1",
        "1e",
        "+1",
        "0x1",
        "NaN",
        "-Infinity",
        "tru",
        "[1,]",
        "\"\\u12\"",
        "'a'",
        "\"\n\"",
        "\"\u0000\"",
        "{\"a\" 1}",
        "[1 2]"
      })
  void refusesMalformedJsonInSkippedMembers(String value) {
    SampleEvent inEvent = SampleEvent.any().with("unknown", value);
    SampleEvent inAttributes = SampleEvent.any().attribute("unknown", value);
    SampleEvent inPayload =
        SampleEvent.of(EventType.CUSTOM_TASK_COMPLETED)
            .attribute("payload", "{\"value\":" + value + "}");
    String first = SampleEvent.any().event().substring(1);
    for (Form form : Form.values()) {
      assertNotJson(form, form.around(inEvent.event()));
      assertNotJson(form, form.around(inAttributes.event()));
      assertNotJson(form, form.around(inPayload.event()));
      assertNotJson(form, form.around("{\"unknown\":" + value + "," + first));
    }
    String event = SampleEvent.any().event();
    for (String body :
        List.of(
            "{\"event\":" + event + ",\"metadata\":{\"a\":" + value + "}}",
            "{\"event\":" + event + ",\"more\":" + value + "}",
            "{\"more\":" + value + ",\"event\":" + event + "}")) {
      assertNotJson(Form.SINGLE, body.getBytes(UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "{}", "null", ",", "}", "]", "\"\"", "1", "\u0000", "#"})
  void refusesTrailingText(String more) {
    for (Form form : Form.values()) {
      String body = new String(form.around(SampleEvent.any().event()), UTF_8);
      assertNotJson(form, (body + more).getBytes(UTF_8));
      assertNotJson(form, (body + "\n " + more).getBytes(UTF_8));
    }
  }

  @Test
  void acceptsSpaceAroundTheBody() {
    Published.single(" \t\r\n" + BODY + " \t\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
  void refusesOtherEncodings(String charset) {
    for (Form form : Form.values()) {
      String body = new String(form.around(SampleEvent.any().event()), UTF_8);
      assertNotJson(form, body.getBytes(Charset.forName(charset)));
      assertNotJson(form, (" " + body).getBytes(Charset.forName(charset)));
    }
  }

  @Test
  void refusesAByteOrderMark() {
    for (Form form : Form.values()) {
      byte[] event = SampleEvent.any().event().getBytes(UTF_8);
      String body = new String(form.around(new String(event, UTF_8)), UTF_8);
      assertNotJson(form, ("\uFEFF" + body).getBytes(UTF_8));
      assertNotJson(form, ("\uFEFF").getBytes(UTF_8));
    }
  }

  /// Lone, overlong, half, surrogate and out of range.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "bf",
        "c0",
        "c080",
        "c1bf",
        "c3",
        "c328",
        "e0",
        "e08080",
        "e28c",
        "e28c41",
        "eda080",
        "edbfbf",
        "f0",
        "f0808080",
        "f09f8c",
        "f4908080",
        "f5808080",
        "fe",
        "ff",
        "fffe"
      })
  void refusesInvalidUtf8Anywhere(String hex) {
    byte[] bad = HexFormat.of().parseHex(hex);
    for (String place :
        List.of(
            SampleEvent.any().with("unknown", "\"<>\"").body(),
            SampleEvent.any().with("<>", "1").body(),
            SampleEvent.any().with("workflow_name", "\"<>\"").body(),
            SampleEvent.any().metadata("{\"a\":\"<>\"}").body(),
            SampleEvent.any().body() + "<>",
            "<>" + SampleEvent.any().body(),
            SampleEvent.any().body().replace("\"attributes\"", "<>\"attributes\""))) {
      assertNotJson(Form.SINGLE, replaced(place, bad));
    }
  }

  private static byte[] replaced(String body, byte[] bad) {
    int at = body.indexOf("<>");
    byte[] before = body.substring(0, at).getBytes(UTF_8);
    byte[] behind = body.substring(at + 2).getBytes(UTF_8);
    byte[] all = Arrays.copyOf(before, before.length + bad.length + behind.length);
    System.arraycopy(bad, 0, all, before.length, bad.length);
    System.arraycopy(behind, 0, all, before.length + bad.length, behind.length);
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 100_000, 1_000_000})
  void refusesTooDeepNesting(int depth) {
    for (String value :
        List.of(
            "[".repeat(depth) + "]".repeat(depth),
            "{\"a\":".repeat(depth) + "1" + "}".repeat(depth),
            "[".repeat(depth))) {
      for (Form form : List.of(Form.SINGLE, Form.SECOND_OF_BATCH, Form.STREAM_EVENT)) {
        assertNotJson(form, form.around(SampleEvent.any().with("deep", value).event()));
        assertNotJson(form, form.around(value));
        assertNotJson(form, value.getBytes(UTF_8));
      }
      assertNotJson(
          Form.SINGLE, SampleEvent.any().metadata("{\"a\":" + value + "}").body().getBytes(UTF_8));
    }
  }

  @Test
  void acceptsNestingThatEveryReaderSupports() {
    for (String open : List.of("[", "{\"a\":")) {
      String close = open.equals("[") ? "]" : "}";
      String deepest = open.repeat(149) + "1" + close.repeat(149);
      String tooDeep = open + deepest + close;
      for (Form form : Form.values()) {
        form.readEvent(SampleEvent.any().with("deep", deepest).event());
        assertThat(form.faultsOf(SampleEvent.any().with("deep", tooDeep).event()))
            .extracting(Fault::type, Fault::loc)
            .containsExactly(org.assertj.core.groups.Tuple.tuple("too_deep", form.loc()));
      }
      Published.single(SampleEvent.any().metadata("{\"a\":" + deepest + "}").body()).keys();
      assertThat(
              Published.faults(
                  Form.SINGLE, SampleEvent.any().metadata("{\"a\":" + tooDeep + "}").body()))
          .extracting(Fault::type)
          .containsExactly("too_deep");
    }
  }

  @Test
  void bracketsInStringsDoNotNest() {
    String value = "\"" + "[{\\\"".repeat(1000) + "\"";
    for (Form form : Form.values()) {
      assertThat(Published.data(form.readEvent(SampleEvent.any().with("x", value).event())))
          .contains(value);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e10000",
        "-1E+10000",
        "0e-10000",
        "1.5e9999999999",
        "1e-99999999999999999999",
        "0.1e0010000"
      })
  void reportsANumberThatSomeReaderCannotParse(String number) {
    for (Form form : Form.values()) {
      assertThat(
              form.faultsOf(
                  SampleEvent.of(EventType.CUSTOM_TASK_IN_PROGRESS)
                      .attribute(
                          "payload",
                          "{\"value\":{\"e\":[1e9,\"1e99999\"],\"b\":[true,{\"c\":"
                              + number
                              + "}]}}")
                      .event()))
          .extracting(Fault::type, Fault::loc, Fault::input)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(
                  "finite_number",
                  form.loc("attributes", "payload", "value", "b", 1, "c"),
                  '"' + number + '"'));
      assertThat(form.faultsOf(SampleEvent.any().with("x", number).event()))
          .extracting(Fault::loc)
          .containsExactly(form.loc("x"));
    }
  }

  /// The answer contains the input, which must not make it unreadable for any client.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e99999999999",
        "[1,{\"a\":-1E9999}]",
        "{\"1e5\":0e-99999999999}",
        "1e309",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
      })
  void quotesInputThatSomeClientCannotParse(String input) {
    assertInput(input, JsonText.quote(input));
    assertInput("\n" + input + " ", JsonText.quote(input));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e308",
        "-1.5e-324",
        "[\"1e99999999999\",{\"1e99999999999\":12345678901234567890}]",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
      })
  void keepsOtherInputUnchanged(String input) {
    assertInput(input, input);
  }

  private static void assertInput(String value, String input) {
    for (Form form : Form.values()) {
      assertThat(form.faultsOf(SampleEvent.any().with("workflow_name", value).event()))
          .anySatisfy(fault -> {
            assertThat(fault.loc()).endsWith("workflow_name");
            assertThat(fault.input()).isEqualTo(input);
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e9999", "-1.5E-9999", "1e00000009999", "\"1e99999\"", "1e+9999"})
  void acceptsNumbersThatEveryReaderSupports(String number) {
    for (Form form : Form.values()) {
      assertThat(Published.data(form.readEvent(SampleEvent.any().with("x", number).event())))
          .contains("\"x\":" + number);
    }
  }

  @Test
  void limitsNumbersToAThousandCharacters() {
    String longest = "7".repeat(1000);
    for (Form form : Form.values()) {
      form.readEvent(SampleEvent.any().with("x", longest).event());
      assertThat(form.faultsOf(SampleEvent.any().with("x", longest + "7").event()))
          .singleElement()
          .satisfies(fault -> {
            assertThat(fault.type()).isEqualTo("json_invalid");
            assertThat(fault.msg()).contains("1000 characters").doesNotContain("Stream");
          });
    }
  }
}
