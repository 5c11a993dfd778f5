package io.galerne.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.galerne.client.Mistral;
import io.galerne.protocol.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class RunsCommandTest {
  private static final Terminal WINDOW = new Terminal(true, false, true, 120);

  @TempDir Path folder;

  private CommandsServer server;

  @BeforeEach
  void start() throws Exception {
    server = CommandsServer.start(folder.resolve("data"));
    server.publishScenario(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void publishAgent() {
    try (Mistral mistral = Mistral.builder().serverUrl(server.url()).build()) {
      mistral.events().sendEventsBatch(AgentRun.events());
    }
  }

  private static List<String> executions(String out) {
    return out.lines()
        .map(line -> Json.of(line).tree().path("execution_id").stringValue())
        .toList();
  }

  @Test
  void aPipeGetsALineOfJsonPerRunNewestFirst() {
    assertThat(executions(server.out("runs")))
        .containsExactly(
            "nightly-sync-00",
            "invoice.export/2026 #3",
            "fact-check-91bd",
            "fact-check-91bd",
            "document-review-7f3a");
    assertThat(server.run(WINDOW, "runs", "--json").out()).isEqualTo(server.out("runs"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--status failed,CANCELED | nightly-sync-00 invoice.export/2026",
        "--workflow fact-check --status COMPLETED | fact-check-91bd",
        "--root document-review-7f3a --limit 1 | fact-check-91bd",
        "--search INVOICE | invoice.export/2026",
        "--order asc --limit 1 | document-review-7f3a",
        "--sort end_time --order asc --limit 1 | fact-check-91bd",
        "--started-after 2026-03-30T10:00:01.4Z | nightly-sync-00 invoice.export/2026",
        "--started-before 2026-03-30T10:00:01Z | document-review-7f3a",
        "--ended-before 2026-03-30T10:00:01.3Z | fact-check-91bd",
        "--ended-after 1h | ''",
      })
  void filtersAreTheServers(String options, String expected) {
    String[] args =
        Stream.of("runs", options).flatMap(it -> Stream.of(it.split(" "))).toArray(String[]::new);

    assertThat(executions(server.out(args)).stream().map(id -> id.split(" ")[0]).distinct())
        .containsExactlyElementsOf(expected.isEmpty() ? List.of() : List.of(expected.split(" ")));
  }

  @Test
  void aTerminalShowsATableWithTheRunsThatWaitForInput() {
    publishAgent();

    CommandRun run = server.run(WINDOW, "runs");

    assertThat(run.err()).isEmpty();
    List<String> lines = run.out().lines().toList();
    assertThat(lines.getFirst()).matches("STATUS +STARTED.* TOOK +EXECUTION +WORKFLOW");
    assertThat(lines.get(1)).matches("▸ running +\\S+ \\S+  10 min( \\d+ s)? +agent-42 +support");
    assertThat(lines.get(2)).isEqualTo("    waiting for input for 3 min: Approve the refund?");
    assertThat(lines.get(3)).matches("■ canceled +\\S+ \\S+  37 ms +nightly-sync-00 +nightly-sync");
    assertThat(lines).hasSize(8);
    assertThat(server.run(WINDOW, "runs", "--wide").out()).contains(" run-a ");
    assertThat(server.run(new Terminal(true, true, false, 80), "runs").out())
        .contains("\u001b[31mx failed");
  }

  @Test
  void eachOfManyRunsShowsItsWait() {
    List<String> waiting = Stream.iterate(0, i -> i + 1).limit(200).map(i -> "wait-" + i).toList();
    try (Mistral mistral = Mistral.builder().serverUrl(server.url()).build()) {
      mistral
          .events()
          .sendEventsBatch(waiting.stream().flatMap(id -> AgentRun.waiting(id).stream()).toList());
    }

    CommandRun run = server.run(WINDOW, "runs", "--status", "RUNNING", "--limit", "200");

    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines().filter(line -> line.contains("waiting for input for 3 min: ")))
        .extracting(line -> line.replaceAll(".*: Approve (.*)\\?", "$1"))
        .containsExactlyInAnyOrderElementsOf(waiting);
  }

  @Test
  void listsRunsOfAServerWithoutStates() throws Exception {
    publishAgent();
    String runs = String.join(",", server.out("runs", "--status", "RUNNING").lines().toList());
    List<String> requested = new CopyOnWriteArrayList<>();
    HttpServer other = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    other.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          requested.add(path);
          boolean list = path.equals("/v1/workflows/runs");
          byte[] answer =
              (list ? "{\"executions\":[" + runs + "]}" : "{\"detail\":\"Not Found\"}")
                  .getBytes(UTF_8);
          exchange.getResponseHeaders().add("content-type", "application/json");
          exchange.sendResponseHeaders(list ? 200 : 404, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    other.start();
    try {
      String url = "http://127.0.0.1:" + other.getAddress().getPort();
      CommandRun run = CommandRun.of(Map.of("GALERNE_URL", url), WINDOW, "runs");

      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.err()).isEmpty();
      assertThat(run.out().lines()).hasSize(2);
      assertThat(run.out()).contains("agent-42").doesNotContain("waiting");
      assertThat(requested).last().isEqualTo("/v1/workflows/executions/agent-42/state");
    } finally {
      other.stop(0);
    }
  }

  @Test
  void aTerminalShowsTheLimitAndThatThereAreMore() throws Exception {
    List<String> lines =
        Stream.iterate(0, i -> i + 1)
            .limit(60)
            .map(i ->
                Examples.EVENT
                    .replace("hello-event-1", "many-" + i)
                    .replace("\"run-1\"", "\"many-run-" + i + "\"")
                    .replaceAll("\n *", ""))
            .toList();
    Path many = java.nio.file.Files.write(folder.resolve("many.ndjson"), lines);
    server.out("publish", many.toString());

    CommandRun some = server.run(WINDOW, "runs", "--workflow", "hello");
    assertThat(some.out().lines()).hasSize(51);
    assertThat(some.err()).contains("more than 50 runs; use --limit N");
    assertThat(server.run(WINDOW, "runs", "--workflow", "hello", "--limit", "55").out().lines())
        .hasSize(56);
    assertThat(executions(server.out("runs", "--workflow", "hello"))).hasSize(60);
  }

  @Test
  void anIdCannotControlTheTerminal() throws Exception {
    Path file =
        java.nio.file.Files.writeString(
            folder.resolve("escape.ndjson"),
            Examples.EVENT.replace("\"run-1\"", "\"run\\u001b[2J\"").replaceAll("\n *", ""));
    server.out("publish", file.toString());

    assertThat(server.run(WINDOW, "runs", "--wide", "--workflow", "hello").out())
        .contains("run\\u001b[2J")
        .doesNotContain("\u001b");
  }

  @Test
  void ifThereAreNoRunsATerminalSaysSo() {
    CommandRun run = server.run(WINDOW, "runs", "--workflow", "none");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("There are no matching runs at " + server.url());
  }

  @Test
  void wrongOptionsAreWrongUsage() {
    for (String[] args :
        List.of(
            new String[] {"runs", "--status", "DONE"},
            new String[] {"runs", "--limit", "0"},
            new String[] {"runs", "--sort", "name"},
            new String[] {"runs", "--started-after", "yesterday"})) {
      CommandRun run = server.run(args);

      assertThat(run.exitCode()).as("%s", List.of(args)).isEqualTo(2);
      assertThat(run.err()).startsWith("galerne: ").contains(args[1]).hasLineCount(1);
    }
  }

  /// Collects a command's output until the reader has seen enough.
  private static final class Reader extends ByteArrayOutputStream {
    private volatile boolean gone;

    @Override
    public synchronized void write(byte[] bytes, int from, int count) {
      super.write(bytes, from, count);
    }

    @Override
    public void flush() throws IOException {
      if (gone) {
        throw new IOException("Broken pipe");
      }
    }

    private synchronized String text() {
      return toString(UTF_8);
    }
  }

  private CompletableFuture<CommandRun> watch(Reader reader, Terminal terminal) {
    return CompletableFuture.supplyAsync(
        () ->
            CommandRun.printingTo(
                reader, Map.of("GALERNE_URL", server.url()), terminal, "runs", "--watch"),
        Thread::startVirtualThread);
  }

  private static void await(Reader reader, String text) {
    Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> reader.text().contains(text));
  }

  @Test
  void watchingPrintsALineForEachChangeInAPipe() throws Exception {
    Reader reader = new Reader();
    CompletableFuture<CommandRun> watch = watch(reader, CommandRun.PIPE);
    await(reader, "document-review-7f3a\"");

    publishAgent();
    await(reader, "agent-42");
    reader.gone = true;
    server.out("publish", end().toString());

    assertThat(watch.get(60, TimeUnit.SECONDS).exitCode()).isEqualTo(141);
    assertThat(executions(reader.text()).subList(0, 6)).last().isEqualTo("agent-42");
  }

  private Path end() throws IOException {
    return java.nio.file.Files.writeString(
        folder.resolve("end.ndjson"),
        "{\"event_id\":\"agent-end\",\"event_type\":\"WORKFLOW_EXECUTION_COMPLETED\","
            + "\"workflow_name\":\"support\",\"workflow_run_id\":\"run-a\","
            + "\"workflow_exec_id\":\"agent-42\",\"root_workflow_exec_id\":\"agent-42\","
            + "\"attributes\":{\"task_id\":\"9\",\"result\":{\"value\":null}}}");
  }

  @Test
  void watchingSurvivesARestartAndSaysSo() throws Exception {
    Reader reader = new Reader();
    CompletableFuture<CommandRun> watch = watch(reader, WINDOW);
    await(reader, "document-review-7f3a");

    server.restart(() -> await(reader, "looking again every 2 s"));
    publishAgent();
    await(reader, "agent-42");
    reader.gone = true;

    assertThat(watch.get(60, TimeUnit.SECONDS).exitCode()).isEqualTo(141);
  }

  @Test
  void watchingRefreshesTheTableInPlace() throws Exception {
    Reader reader = new Reader();
    CompletableFuture<CommandRun> watch = watch(reader, WINDOW);
    await(reader, "document-review-7f3a");

    publishAgent();
    await(reader, "agent-42");
    reader.gone = true;

    assertThat(watch.get(60, TimeUnit.SECONDS).exitCode()).isEqualTo(141);
    assertThat(reader.text()).contains("\u001b[6A\rSTATUS");
  }
}
