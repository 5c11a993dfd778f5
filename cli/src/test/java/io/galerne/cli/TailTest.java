package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventReader;
import io.galerne.protocol.Json;
import io.galerne.protocol.StreamEvent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

@Timeout(120)
class TailTest {
  private static final String[] REVIEW = {
    "tail", "--workflow-exec-id", "document-review-7f3a", "--until-terminal"
  };

  @TempDir Path folder;

  private CommandsServer server;

  @BeforeEach
  void start() {
    server = CommandsServer.start(folder.resolve("data"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static List<Long> sequences(String out) {
    return out.lines().map(EventReader::streamEvent).map(StreamEvent::brokerSequence).toList();
  }

  @Test
  void aPipeGetsOneStreamEventPerLineUpToTheTerminalOne() throws Exception {
    server.publishScenario(folder);

    CommandRun run = server.run(REVIEW);

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines().map(EventReader::streamEvent).map(StreamEvent::data))
        .allMatch(event -> event.workflowExecId().equals("document-review-7f3a"))
        .last()
        .extracting(event -> event.eventType())
        .isEqualTo("WORKFLOW_EXECUTION_COMPLETED");
    assertThat(sequences(run.out())).hasSize(31).isSorted().endsWith(43L);
  }

  @Test
  void anAsciiTerminalGetsAllOfTheJson() throws Exception {
    server.publishScenario(folder);

    String out = server.run(new Terminal(false, false, false, 80), REVIEW).out();

    assertThat(out).contains("fran\\u00e7ais").matches("[\\x20-\\x7e\\n]*");
    assertThat(out.lines().map(line -> Json.of(line).tree()).toList())
        .isEqualTo(server.out(REVIEW).lines().map(line -> Json.of(line).tree()).toList());
  }

  @Test
  void aTerminalGetsLinesInColour() throws Exception {
    server.publishScenario(folder);

    CommandRun run = server.run(new Terminal(true, true, true, 120), REVIEW);

    assertThat(run.out().lines()).hasSize(32);
    assertThat(run.out()).contains("\u001b[36m▸ started", "document-review", "activity");
  }

  @Test
  void resumesAfterTheLastEventThatWasSeen() throws Exception {
    server.publishScenario(folder);

    assertThat(sequences(server.out(with(REVIEW, "--last-event-id", "41"))))
        .containsExactly(42L, 43L);
    assertThat(sequences(server.out(with(REVIEW, "--start-seq", "42")))).containsExactly(42L, 43L);
  }

  @Test
  void endsAtOnceIfItResumesAfterTheEnd() throws Exception {
    server.publishScenario(folder);

    CommandRun again = server.run(with(REVIEW, "--last-event-id", "43"));

    assertThat(again.exitCode()).isZero();
    assertThat(again.out()).isEmpty();
    assertThat(again.err()).isEmpty();
    assertThat(
            sequences(
                server.out(
                    "tail",
                    "--root-workflow-exec-id=document-review-7f3a",
                    "--start-seq=44",
                    "--until-terminal")))
        .isEmpty();
  }

  private static String event(String type, String run, String attributes) {
    return "{\"event_id\":\"order-"
        + (run + "-" + type)
        + ("\",\"event_type\":\"WORKFLOW_EXECUTION_" + type)
        + "\",\"workflow_name\":\"order\",\"workflow_exec_id\":\"order-7\","
        + "\"root_workflow_exec_id\":\"order-7\",\"workflow_run_id\":\""
        + run
        + "\",\"attributes\":{\"task_id\":\"1\","
        + attributes
        + "}}";
  }

  @Test
  void followsTheRunThatARetryPolicyStarts() throws Exception {
    String input = "\"workflow_name\":\"order\",\"input\":{\"value\":null}";
    Path file =
        Files.writeString(
            folder.resolve("order.ndjson"),
            String.join(
                "\n",
                event("STARTED", "a", input),
                event("FAILED", "a", "\"failure\":{\"message\":\"no disk\"}"),
                event("STARTED", "b", input),
                event("COMPLETED", "b", "\"result\":{\"value\":null}")));
    server.out("publish", file.toString());

    assertThat(sequences(server.out("tail", "--workflow-exec-id=order-7", "--until-terminal")))
        .containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void filtersAreTheServers() throws Exception {
    server.publishScenario(folder);

    assertThat(
            sequences(
                server.out(
                    "tail",
                    "--root-workflow-exec-id=document-review-7f3a",
                    "--scope=workflow",
                    "--workflow-event-types=workflow_execution_started,WORKFLOW_EXECUTION_COMPLETED",
                    "--until-terminal")))
        .containsExactly(1L, 29L, 35L, 40L, 43L);
  }

  @Test
  void stateShowsTheValueOfATaskAfterEachEvent() throws Exception {
    server.publishScenario(folder);

    List<JsonNode> states =
        server.out(with(REVIEW, "--state")).lines().map(line -> Json.of(line).tree()).toList();

    assertThat(states).allMatch(state -> state.path("status").isString());
    JsonNode last =
        states.stream()
            .filter(state -> state.path("broker_sequence").intValue() == 22)
            .findFirst()
            .orElseThrow();
    assertThat(last.path("kind").stringValue()).isEqualTo("custom_task");
    assertThat(last.path("status").stringValue()).isEqualTo("RUNNING");
    assertThat(last.path("value").path("text").stringValue()).hasSizeGreaterThan(20);
  }

  @Test
  void aTerminalShowsTheStateBelowItsEvent() throws Exception {
    server.publishScenario(folder);

    CommandRun run = server.run(new Terminal(true, false, true, 80), with(REVIEW, "--state"));

    assertThat(run.out().lines().filter(line -> line.matches(" +=  ?\\{.*"))).isNotEmpty();
  }

  @Test
  void reconnectsAfterARestartAndSaysSo() throws Exception {
    List<String> events = Files.readAllLines(server.publishScenario(folder)).subList(0, 2);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Galerne.commandLine(new Shell(Map.of("GALERNE_URL", server.url()), () -> CommandRun.PIPE));
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    CompletableFuture<Integer> tail =
        CompletableFuture.supplyAsync(
            () -> command.execute("tail", "--workflow-exec-id=late", "--until-terminal"),
            Thread::startVirtualThread);
    Path late = folder.resolve("late.ndjson");
    Files.writeString(
        late,
        String.join("\n", events)
            .replace("document-review-7f3a", "late")
            .replaceAll("\"event_id\":\"", "\"event_id\":\"late-"));
    server.out("publish", late.toString());
    await(out, "ACTIVITY_TASK_STARTED");

    server.restart(() -> await(err, "trying again in"));
    Files.writeString(
        late,
        "{\"event_id\":\"late-end\",\"event_type\":\"WORKFLOW_EXECUTION_COMPLETED\","
            + "\"workflow_name\":\"late\",\"workflow_run_id\":\"r\",\"workflow_exec_id\":\"late\","
            + "\"root_workflow_exec_id\":\"late\",\"attributes\":{\"task_id\":\"9\","
            + "\"result\":{\"value\":null}}}");
    server.out("publish", late.toString());

    assertThat(tail.get(60, TimeUnit.SECONDS)).isZero();
    assertThat(sequences(out.toString())).containsExactly(51L, 52L, 53L);
    assertThat(err.toString()).contains("galerne: connected again");
  }

  private static void await(StringWriter out, String text) {
    Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> out.toString().contains(text));
  }

  private static String[] with(String[] args, String... more) {
    return Stream.of(args, more).flatMap(Stream::of).toArray(String[]::new);
  }

  @Test
  void anUnknownTypeIsWrongUsage() {
    CommandRun run = server.run("tail", "--workflow-event-types", "TASK_STARTED");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("galerne: ").contains("TASK_STARTED").hasLineCount(1);
  }

  @Test
  void refusesFiltersThatExcludeTheTerminalEvent() {
    for (String[] filter :
        new String[][] {
          {"--scope", "activity"},
          {"--workflow-event-types", "CUSTOM_TASK_STARTED"},
          {"--activity-name", "extract"},
          {"--activity-id", "7"},
          {"--parent-workflow-exec-id", "document-review-7f3a"}
        }) {
      CommandRun run = server.run("tail", "--until-terminal", filter[0], filter[1]);

      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("--until-terminal", "--scope", "--workflow-event-types");
    }
  }
}
