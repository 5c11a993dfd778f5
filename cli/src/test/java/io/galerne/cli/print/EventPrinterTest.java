package io.galerne.cli.print;

import static io.galerne.cli.print.Fixture.object;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.cli.Terminal;
import io.galerne.protocol.EventType;
import io.galerne.protocol.StreamEvent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

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
    assertThat(lines.getFirst()).contains("> started", "language=francais");
    assertThat(lines).anyMatch(line -> line.contains("` fact-check 91bd"));
    assertThat(lines).anyMatch(line -> line.contains("##.. 2/4"));
  }

  @ParameterizedTest
  @CsvSource({
    "WORKFLOW_EXECUTION_STARTED, 36",
    "WORKFLOW_EXECUTION_COMPLETED, 32",
    "ACTIVITY_TASK_FAILED, 31",
    "ACTIVITY_TASK_RETRYING, 33",
    "CUSTOM_TASK_TIMED_OUT, 33",
    "CUSTOM_TASK_IN_PROGRESS, 90",
    "WORKFLOW_EXECUTION_CANCELED, 35",
    "WORKFLOW_EXECUTION_CONTINUED_AS_NEW, 34"
  })
  void aTerminalShowsWhatHappenedInColour(EventType type, String colour) {
    Verb verb = Verb.of(type);

    assertThat(printColoured(Fixture.event(type.wireName(), object())))
        .contains("\u001b[" + colour + "m" + verb.label(true) + "\u001b[0m");
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
  void nothingInAnEventReachesTheTerminalAsACommand() {
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
  void anEventWithoutAnythingIsALineToo() {
    assertThat(printed(Fixture.streamEvent(3, object()))).endsWith("an event without a type");
  }

  @Test
  void aTextThatIsWrittenShowsItsEnd() {
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

    assertThat(lines.stream().map(line -> line.substring(20).replaceAll(" +[▸].*", "")))
        .containsExactly("checkout a", "└ checkout b", "  └ checkout c", "└ checkout d");
  }

  @ParameterizedTest
  @CsvSource({
    "checkout-7f3a, checkout 7f3a",
    "checkout/2026 #3, checkout 2026 #3",
    "3b03af51-55d7-4c3e-9f53-c2f0a1b2c3d4, checkout 3b03af51",
    "checkout, 'checkout '"
  })
  void anExecutionIsNamedByItsWorkflowAndTheBeginningOfItsId(String execId, String shown) {
    String line = printed(Fixture.event("WORKFLOW_EXECUTION_STARTED", execId, object()));

    assertThat(line.substring(20)).startsWith(shown + "  ");
  }

  private static String printed(StreamEvent event) {
    return print(PIPE, List.of(event)).getFirst();
  }

  private static String printColoured(StreamEvent event) {
    return print(new Terminal(true, true, true, 120), List.of(event)).getFirst();
  }

  private static List<String> print(Terminal terminal, List<StreamEvent> events) {
    StringWriter out = new StringWriter();
    EventPrinter printer = EventPrinter.ofStream(new PrintWriter(out), terminal, ZoneOffset.UTC);
    List<String> lines = new ArrayList<>();
    for (StreamEvent event : events) {
      printer.print(event);
      lines.add(out.toString().stripTrailing());
      assertThat(out.toString()).hasLineCount(1);
      out.getBuffer().setLength(0);
    }
    return lines;
  }
}
