package io.galerne.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.galerne.client.Mistral;
import io.galerne.protocol.Json;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ShowTest {
  private static final String REVIEW = "document-review-7f3a";

  @TempDir Path folder;

  private CommandsServer server;

  @BeforeEach
  void start() throws Exception {
    server = CommandsServer.start(folder.resolve("data"));
    server.publishScenario(folder);
    try (Mistral mistral = Mistral.builder().serverUrl(server.url()).build()) {
      mistral.events().sendEventsBatch(AgentRun.events());
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private List<String> show(Terminal terminal, String... args) {
    CommandRun run = server.run(terminal, args);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return run.out().lines().toList();
  }

  /// Returns the lines below the empty line.
  private List<String> tree(Terminal terminal, String... args) {
    List<String> lines = show(terminal, args);
    return lines.subList(lines.indexOf("") + 1, lines.size());
  }

  @Test
  void aTreeShowsDurationsRetriesResultsAndFailures() {
    List<String> lines = show(CommandRun.PIPE, "show", REVIEW);

    assertThat(lines.getFirst()).isEqualTo(REVIEW + "  document-review  ✓ completed in 1.55 s");
    assertThat(lines).contains("result: {\"approved\":true}");
    assertThat(lines.subList(lines.indexOf("") + 1, lines.size()))
        .containsExactly(
            "✓ document-review  1.55 s  approved=true",
            "├ ✓ load_document  37 ms  bytes=182734 title=\"Rapport d’activité 2025 — “résumé” 🌬️\"",
            "├ ✓ summarize  740 ms  summary=\"Le rapport décrit une année de croissance , portée par"
                + " les exportations et l’ énergie éolienne .\"",
            "│ └ ✓ token  666 ms  Le rapport décrit une année de croissance , portée par les"
                + " exportations et l’ énergie éolienne .",
            "├ ✓ progress  629 ms",
            "└ ✓ fact-check  fact-check-91bd  407 ms",
            "  ├ ↪ run 8663deee-779b-56a8-a3e2-3007003f29e6  185 ms",
            "  │ └ ✓ web_search  74 ms  1 retry: upstream timed out after 10s, then"
                + " [\"https://example.org/a\",\"https://example.org/b\"]",
            "  └ ✓ run 163d1415-b368-5996-9e77-8bc181d87028  185 ms  verdict=supported"
                + " score=0.9375",
            "    ├ ■ reasoning  37 ms  canceled: superseded",
            "    ├ ◷ probe  0 ms  timed out: HEARTBEAT",
            "    └ ✗ probe  0 ms  failed: no route to host");
    assertThat(show(CommandRun.PIPE, "show", "fact-check-91bd")).contains("started by " + REVIEW);
  }

  @Test
  void showsTasksOfAgentsInTheirOwnForm() {
    List<String> lines = show(CommandRun.PIPE, "show", AgentRun.ID);

    assertThat(lines).contains("waiting for input for 3 min: Approve the refund?");
    assertThat(lines.subList(lines.indexOf("") + 1, lines.size()))
        .extracting(line -> line.replaceAll("  \\d+ min( \\d+ s)?|  \\d\\.\\d\\d s", ""))
        .containsExactly(
            "▸ support",
            "├ ▸ todo_list  1 of 3 done",
            "│     [x] Read the ticket",
            "│     [>] Find the order",
            "│     [ ] Answer [31m",
            "├ ▸ assistant_message",
            "│     I look for your order, which left Lyon on Monday.",
            "├ ✓ working  Run the tests",
            "│     $ pytest -q",
            "│     F..",
            "│     1 failed, 2 passed",
            "│     failed",
            "├ ▸ working  tool",
            "│     find_order id=7",
            "│     running",
            "└ ▸ wait_for_input  waiting for input for 3 min: Approve the refund?");
  }

  @Test
  void anAnsweredTaskShowsItsInput() {
    try (Mistral mistral = Mistral.builder().serverUrl(server.url()).build()) {
      mistral.events().sendEvent(AgentRun.answered());
    }

    List<String> lines = show(CommandRun.PIPE, "show", AgentRun.ID);

    assertThat(lines).noneMatch(line -> line.contains("waiting for input"));
    assertThat(lines.getLast()).endsWith("  Approve the refund?: ok=true");
  }

  @Test
  void cutsALongMessageOnATerminalUnlessWide() {
    String text = String.join("\n", Collections.nCopies(20, "line"));
    try (Mistral mistral = Mistral.builder().serverUrl(server.url()).build()) {
      mistral.events().sendEvent(AgentRun.message(text));
    }
    Terminal terminal = new Terminal(true, false, true, 80);

    assertThat(show(terminal, "show", AgentRun.ID))
        .anyMatch(line -> line.endsWith("  12 more lines, which --wide shows"));
    assertThat(show(terminal, "show", AgentRun.ID, "--wide"))
        .filteredOn(line -> line.endsWith("  line"))
        .hasSize(20);
    assertThat(show(CommandRun.PIPE, "show", AgentRun.ID))
        .filteredOn(line -> line.endsWith("  line"))
        .hasSize(20);
  }

  @Test
  void activitiesOfTheWorkerAreShownOnRequest() {
    assertThat(show(CommandRun.PIPE, "show", AgentRun.ID))
        .noneMatch(line -> line.contains("__internal__"));
    assertThat(show(CommandRun.PIPE, "show", AgentRun.ID, "--internal"))
        .anyMatch(line -> line.contains("__internal__emit_task"));
  }

  @Test
  void atASequenceLaterEventsAreHidden() {
    List<String> lines = show(CommandRun.PIPE, "show", REVIEW, "--at-seq", "8");

    assertThat(lines.getFirst())
        .isEqualTo(REVIEW + "  document-review  ▸ running, as it was after sequence 8");
    assertThat(lines.subList(lines.indexOf("") + 1, lines.size()))
        .containsExactly(
            "▸ document-review  259 ms",
            "├ ✓ load_document  37 ms  bytes=182734 title=\"Rapport d’activité 2025 — “résumé” 🌬️\"",
            "└ ▸ summarize  148 ms",
            "  └ ▸ token  111 ms  Le rapport décrit");
    assertThat(tree(CommandRun.PIPE, "show", REVIEW, "--at-seq", "1000"))
        .isEqualTo(tree(CommandRun.PIPE, "show", REVIEW));
    assertThat(show(CommandRun.PIPE, "show", REVIEW, "--at-seq", "32"))
        .anyMatch(line -> line.contains("1 retry: upstream timed out"));

    CommandRun before = server.run("show", REVIEW, "--at-seq", "0");
    assertThat(before.exitCode()).isEqualTo(1);
    assertThat(before.err()).contains("up to sequence 0").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {72, 80, 120, 200})
  void noLineIsWiderThanTheTerminal(int columns) {
    Terminal terminal = new Terminal(true, false, true, columns);
    for (String execution : List.of(REVIEW, AgentRun.ID)) {
      assertThat(show(terminal, "show", execution))
          .allSatisfy(line ->
              assertThat(line.codePointCount(0, line.length())).isLessThanOrEqualTo(columns));
      assertThat(tree(terminal, "show", execution, "--timeline"))
          .allSatisfy(line -> assertThat(line.length()).isEqualTo(columns));
    }
  }

  @Test
  void aTimelineHasABarForEachSpan() {
    List<String> bars = tree(new Terminal(true, false, true, 80), "show", REVIEW, "--timeline");

    assertThat(bars).hasSize(12);
    assertThat(bars.getFirst()).matches("✓ document-review +█+ +1\\.55 s");
    assertThat(bars.get(1)).matches("✓  load_document +█{1,3} +37 ms");
    assertThat(bars.getLast()).matches("✗ +probe +█ +0 ms");
    assertThat(tree(new Terminal(true, false, false, 80), "show", AgentRun.ID, "--timeline"))
        .allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c < 127))
        .anyMatch(line -> line.matches("> support +:+ +10 min.*"));
  }

  @Test
  void worksInAsciiAndColoursATerminal() {
    assertThat(tree(new Terminal(true, false, false, 200), "show", REVIEW))
        .allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c < 127))
        .contains("`  + fact-check  fact-check-91bd  407 ms".replace("`  +", "` +"));
    assertThat(show(new Terminal(true, true, true, 200), "show", REVIEW))
        .anyMatch(line -> line.contains("\u001b[31mfailed: no route to host\u001b[0m"));
  }

  @Test
  void stateIsALineOfJsonPerTaskOrTheWholeValues() {
    List<String> lines = show(CommandRun.PIPE, "show", REVIEW, "--state", "--at-seq", "8");

    assertThat(lines).hasSize(1);
    assertThat(Json.of(lines.getFirst()).tree().path("value").path("text").stringValue())
        .isEqualTo("Le rapport décrit");
    assertThat(show(new Terminal(true, false, true, 80), "show", AgentRun.ID, "--state"))
        .contains("▸ running  todo_list  todo", "      \"title\" : \"Find the order\"")
        .anyMatch(line -> line.startsWith("the state after sequence "));
  }

  @Test
  void reportsAStateThatTheServerCut() throws Exception {
    HttpServer cutting = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    cutting.createContext(
        "/",
        exchange -> {
          byte[] state = "{\"broker_sequence\":7,\"tasks\":[],\"truncated\":true}".getBytes(UTF_8);
          exchange.getResponseHeaders().add("content-type", "application/json");
          exchange.sendResponseHeaders(200, state.length);
          exchange.getResponseBody().write(state);
          exchange.close();
        });
    cutting.start();
    try {
      String url = "http://127.0.0.1:" + cutting.getAddress().getPort();
      CommandRun run = CommandRun.of("show", REVIEW, "--state", "--url", url);

      assertThat(run.exitCode()).isZero();
      assertThat(run.err()).contains("left some of them out").hasLineCount(1);
    } finally {
      cutting.stop(0);
    }
  }

  @Test
  void jsonIsWhatTheServerSent() {
    for (Terminal terminal : List.of(CommandRun.PIPE, new Terminal(true, true, true, 80))) {
      List<String> lines = show(terminal, "show", REVIEW, "--json");

      assertThat(lines).hasSize(1);
      assertThat(Json.of(lines.getFirst()).members()).containsKeys("span_tree", "result");
    }
  }

  @Test
  void anExecutionThatIsNotStoredIsAFailure() {
    for (String[] args :
        List.of(new String[] {"show", "none"}, new String[] {"show", "none", "--state"})) {
      CommandRun run = server.run(args);

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("'none'", "galerne runs").hasLineCount(1);
    }
  }

  @Test
  void conflictingOptionsAreWrongUsage() {
    for (String[] args :
        List.of(
            new String[] {"show"},
            new String[] {"show", ""},
            new String[] {"show", "a", "--timeline", "--state"},
            new String[] {"show", "a", "--at-seq", "1", "--json"},
            new String[] {"show", "a", "--at-seq", "-1"})) {
      CommandRun run = server.run(args);

      assertThat(run.exitCode()).as("%s", List.of(args)).isEqualTo(2);
      assertThat(run.err()).startsWith("galerne: ").hasLineCount(1);
    }
  }
}
