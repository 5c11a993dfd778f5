package io.galerne.cli.print;

import static io.galerne.cli.print.Fixture.object;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.cli.Terminal;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.EventType;
import io.galerne.protocol.StreamEvent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class EventPrinterTest {
  private static final Terminal PIPE = new Terminal(false, false, true, 120);

  @Test
  void theScenarioReadsLikeThis() throws Exception {
    assertThat(print(PIPE, Fixture.scenario()))
        .containsExactlyElementsOf(Fixture.resource("/scenario-printed.txt").lines().toList());
  }

  @Test
  void theScenarioHasEveryType() throws Exception {
    assertThat(
            Fixture.scenario().stream()
                .map(event -> event.data().type().orElseThrow())
                .collect(toSet()))
        .containsExactlyInAnyOrder(EventType.values());
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 100, 120, 200})
  void noLineIsWiderThanTheTerminal(int columns) throws Exception {
    Terminal terminal = new Terminal(true, false, true, columns);

    assertThat(print(terminal, Fixture.scenario()))
        .allSatisfy(line -> assertThat(Columns.width(line)).isLessThanOrEqualTo(columns));
  }

  @Test
  void asciiIsEnough() throws Exception {
    Terminal terminal = new Terminal(true, false, false, 200);

    List<String> lines = print(terminal, Fixture.scenario());

    assertThat(lines).allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c < 127));
    assertThat(lines.getFirst()).isEqualTo("-- 2026-03-30, times in UTC");
    assertThat(lines.get(1)).contains("> started", "language=francais");
    assertThat(lines).anyMatch(line -> line.contains("` fact-check-91bd"));
    assertThat(lines).anyMatch(line -> line.contains("##.. 2/4"));
  }

  @ParameterizedTest
  @CsvSource({
    "WORKFLOW_EXECUTION_STARTED, 36",
    "WORKFLOW_EXECUTION_COMPLETED, 32",
    "ACTIVITY_TASK_FAILED, 31",
    "ACTIVITY_TASK_RETRYING, 33",
    "CUSTOM_TASK_TIMED_OUT, 33",
    "CUSTOM_TASK_IN_PROGRESS, 2",
    "WORKFLOW_EXECUTION_CANCELED, 35",
    "WORKFLOW_EXECUTION_CONTINUED_AS_NEW, 34"
  })
  void aTerminalShowsWhatHappenedInColour(EventType type, String colour) {
    Verb verb = Verb.of(type);

    assertThat(printColoured(Fixture.event(type.wireName(), object())))
        .contains("\u001b[" + colour + "m" + verb.label(true) + "\u001b[0m");
  }

  @Test
  void aValueThatLooksLikeMarkupIsPrintedAsItIs() {
    assertThat(printColoured(Fixture.event("ACTIVITY_TASK_STARTED", object("reason", "@|red x|@"))))
        .endsWith("@|red x|@");
  }

  @Test
  void coloursTakeNoRoom() throws Exception {
    Terminal colours = new Terminal(true, true, true, 120);

    List<String> plain = print(PIPE, Fixture.scenario());
    List<String> coloured = print(colours, Fixture.scenario());

    assertThat(coloured.stream().map(line -> line.replaceAll("\u001b\\[\\d+m", "")))
        .containsExactlyElementsOf(plain);
  }

  @Test
  void anEventCannotControlTheTerminal() {
    String evil = "\u001b[2J\u0007\r\nroot: ok\u202e\u009b31m";

    String line =
        printed(
            Fixture.event(
                "ACTIVITY_TASK_FAILED",
                "x" + evil,
                object("activity_name", evil, "failure", object("message", evil))));

    assertThat(line.codePoints()).noneMatch(Character::isISOControl).doesNotContain(0x202e);
  }

  @Test
  void anUnknownTypeIsShownByItsName() {
    assertThat(printed(Fixture.event("WORKFLOW_EXECUTION_PAUSED", object("reason", "lunch"))))
        .endsWith("? other      WORKFLOW_EXECUTION_PAUSED  lunch");
  }

  @Test
  void anEmptyEventIsALineToo() {
    assertThat(printed(Fixture.streamEvent(3, object()))).endsWith("an event without a type");
  }

  @Test
  void showsTheEndOfGrowingText() {
    String text = "word ".repeat(60) + "end";
    JsonNode payload = object("type", "json", "value", object("text", text));
    JsonNode task = object("custom_task_id", "1", "custom_task_type", "token", "payload", payload);

    assertThat(printed(Fixture.event("CUSTOM_TASK_IN_PROGRESS", task))).endsWith(" word end");
    assertThat(printed(Fixture.event("CUSTOM_TASK_COMPLETED", task))).endsWith("…");
  }

  @Test
  void descendantsAreIndentedUnderTheirRoot() {
    List<String> lines =
        print(
            PIPE,
            List.of(
                Fixture.event("WORKFLOW_EXECUTION_STARTED", "a", object()),
                Fixture.childOf("a", "b"),
                Fixture.childOf("b", "c"),
                Fixture.childOf("never-seen", "d")));

    assertThat(lines.stream().skip(1).map(line -> line.substring(21).replaceAll(" +[▸].*", "")))
        .containsExactly("a", "└ b", "  └ c", "└ d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello-1",
        "checkout",
        "checkout/2026 #3",
        "3b03af51-55d7-4c3e-9f53-c2f0a1b2c3d4",
        "café-日本-🌬",
        "an-id-that-is-longer-than-any-terminal-is-wide-and-still-must-be-copied-from-it-0123456789"
      })
  void showsAnIdInFullHoweverNarrowTheTerminal(String id) {
    for (int columns : new int[] {40, 80, 120, 200}) {
      for (boolean wide : new boolean[] {false, true}) {
        List<String> lines =
            print(
                new Terminal(true, false, true, columns),
                ZoneOffset.UTC,
                wide,
                List.of(Fixture.event("WORKFLOW_EXECUTION_STARTED", id, object())));

        assertThat(lines.get(1)).contains(" " + id + "  ");
      }
    }
  }

  @Test
  void escapesAnIdThatCannotBeShown() {
    StreamEvent event = Fixture.event("WORKFLOW_EXECUTION_STARTED", "é\u001b[31m\u202e", object());

    assertThat(printed(event)).contains("  é\\u001b[31m\\u202e  ");
    assertThat(print(new Terminal(true, false, false, 120), List.of(event)).get(1))
        .contains("  \\u00e9\\u001b[31m\\u202e  ");
  }

  @Test
  void aLongIdOnANarrowTerminalMovesTheRestBelow() {
    String id = "3b03af51-55d7-4c3e-9f53-c2f0a1b2c3d4";
    List<String> lines =
        print(
            new Terminal(true, false, true, 80),
            List.of(
                Fixture.event("WORKFLOW_EXECUTION_STARTED", "checkout-1", object()),
                Fixture.event("WORKFLOW_EXECUTION_STARTED", id, object()),
                Fixture.event("WORKFLOW_EXECUTION_STARTED", "checkout-1", object())));

    assertThat(lines)
        .containsExactly(
            "── 2026-03-30, times in UTC",
            "10:00:00      7  checkout-1          ▸ started    workflow",
            "10:00:00      7  " + id + "  ▸ started",
            "                 workflow checkout",
            "10:00:00      7  checkout-1          ▸ started    workflow");
  }

  @Test
  void theWideFormCutsNothingAndShowsAllIds() {
    String text = "word ".repeat(60) + "end";
    StreamEvent event =
        Fixture.event(
            "ACTIVITY_TASK_COMPLETED",
            object("activity_name", "send", "result", object("value", text)));

    assertThat(print(new Terminal(true, false, true, 80), ZoneOffset.UTC, true, List.of(event)))
        .containsExactly(
            "── 2026-03-30, times in UTC",
            "10:00:00.037      7  checkout-1          run-1  e      ✓ completed  activity send  "
                + text);
  }

  @Test
  void namesTheDateWhenItChangesAndTheZoneOnce() {
    ZoneId paris = ZoneId.of("Europe/Paris");

    assertThat(
            print(
                new Terminal(true, false, true, 80),
                paris,
                false,
                List.of(
                    at("2026-03-27T22:59:59Z"),
                    at("2026-03-27T23:00:00Z"),
                    at("2026-03-28T11:00:00Z"),
                    at("2026-03-29T11:00:00Z"))))
        .extracting(line -> line.substring(0, Math.min(line.length(), 49)).strip())
        .containsExactly(
            "── 2026-03-27, times in Europe/Paris (UTC+01:00)",
            "23:59:59      7  checkout-1          ▸ started",
            "── 2026-03-28",
            "00:00:00      7  checkout-1          ▸ started",
            "12:00:00      7  checkout-1          ▸ started",
            "── 2026-03-29, times in Europe/Paris (UTC+02:00)",
            "13:00:00      7  checkout-1          ▸ started");
  }

  private static StreamEvent at(String time) {
    JsonNode event = Fixture.event("WORKFLOW_EXECUTION_STARTED", object()).data().json().tree();
    long nanos = Instant.parse(time).getEpochSecond() * 1_000_000_000;
    return Fixture.streamEvent(7, ((ObjectNode) event).put("event_timestamp", nanos));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e9999999999", "-1E-9999999999", "1e999999999", "1e-7", "0.10"})
  void showsANumberUnchanged(String number) {
    String event =
        Fixture.event("ACTIVITY_TASK_COMPLETED", object("result", object("value", "NUMBER")))
            .json()
            .text();

    for (String value : List.of(number, "{\"n\":" + number + "}", "[" + number + "]")) {
      assertThat(printed(EventReader.streamEvent(event.replace("\"NUMBER\"", value))))
          .contains(number);
    }
    for (EventType type : EventType.values()) {
      String changed =
          event
              .replace("ACTIVITY_TASK_COMPLETED", type.wireName())
              .replace("\"result\"", "\"attempt\":" + number + ",\"payload\"")
              .replace("\"NUMBER\"", number);

      assertThat(printed(EventReader.streamEvent(changed))).contains("checkout-1");
    }
  }

  /// Returns the event's line, after the line of the date.
  private static String printed(StreamEvent event) {
    return print(PIPE, List.of(event)).get(1);
  }

  private static String printColoured(StreamEvent event) {
    return print(new Terminal(true, true, true, 120), List.of(event)).get(1);
  }

  private static List<String> print(Terminal terminal, List<StreamEvent> events) {
    return print(terminal, ZoneOffset.UTC, false, events);
  }

  private static List<String> print(
      Terminal terminal, ZoneId zone, boolean wide, List<StreamEvent> events) {
    StringWriter out = new StringWriter();
    EventPrinter printer = new EventPrinter(new PrintWriter(out), terminal, zone, wide);
    events.forEach(printer::print);
    return out.toString().lines().toList();
  }
}
