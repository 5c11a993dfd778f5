package io.galerne.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.StreamEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class ExportImportTest {
  @TempDir Path folder;

  private CommandsServer server;
  private Path file;

  @BeforeEach
  void start() throws Exception {
    server = CommandsServer.start(folder.resolve("data"));
    server.publishScenario(folder);
    Path more = folder.resolve("more.ndjson");
    Files.writeString(
        more,
        Files.readAllLines(folder.resolve("scenario.ndjson"))
            .getFirst()
            .replaceFirst("}$", ",\"stream\":\"mine\",\"metadata\":{\"a\":[1.0],\"é\":null}}")
            .replaceFirst("\"event_id\":\"", "\"event_id\":\"more-"));
    server.out("publish", more.toString());
    file = folder.resolve("exported.ndjson");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String withoutSequence(StreamEvent event) {
    return event.json().text().replace("\"broker_sequence\":" + event.brokerSequence(), "");
  }

  private static List<String> events(String out) {
    return out.lines()
        .map(EventReader::streamEvent)
        .map(ExportImportTest::withoutSequence)
        .toList();
  }

  @Test
  void exportAndImportCopyEventsExactly() throws Exception {
    server.out("export", file.toString());
    try (CommandsServer other = CommandsServer.start(folder.resolve("other"))) {
      other.out("publish", hello());

      assertThat(other.run("import", file.toString()).err()).contains("51 events published");
      other.out("import", file.toString());

      List<String> copied = events(other.out("export"));
      assertThat(copied.subList(1, copied.size()))
          .hasSize(51)
          .isEqualTo(events(server.out("export")));
    }
  }

  private String hello() throws Exception {
    return Files.writeString(folder.resolve("hello.ndjson"), Examples.EVENT.replaceAll("\n *", ""))
        .toString();
  }

  @Test
  void aFileHoldsTheSameAsStandardOutput() throws Exception {
    CommandRun run = server.run("export", file.toString());

    assertThat(run)
        .isEqualTo(new CommandRun(0, "", "51 events written to " + file + System.lineSeparator()));
    assertThat(Files.readString(file)).isEqualTo(server.out("export")).hasLineCount(51);
  }

  @Test
  void startsAtTheGivenSequence() throws Exception {
    assertThat(server.out("export", "--start-seq", "50")).hasLineCount(2);
    assertThat(server.out("export", "--start-seq", "51")).hasLineCount(1);
    assertThat(server.out("export", "--start-seq", "52")).isEmpty();
  }

  @Test
  void anEmptyLogIsAnEmptyExport() throws Exception {
    try (CommandsServer empty = CommandsServer.start(folder.resolve("empty"))) {
      assertThat(empty.run("export")).isEqualTo(new CommandRun(0, "", ""));
    }
  }

  @Test
  void continuesAfterTheLastWholeLineWhereverItWasCut() throws Exception {
    server.out("export", file.toString());
    byte[] whole = Files.readAllBytes(file);
    int firstLine = Files.readAllLines(file).getFirst().getBytes().length + 1;
    List<Integer> cuts = new ArrayList<>(List.of(firstLine, firstLine + 1, whole.length - 1));
    for (int cut = firstLine + 2; cut < whole.length; cut += 997) {
      cuts.add(cut);
    }
    for (int cut : cuts) {
      Files.write(file, Arrays.copyOf(whole, cut));

      CommandRun run = server.run("export", file.toString(), "--resume");

      assertThat(run.exitCode()).as("cut at %d: %s", cut, run.err()).isZero();
      assertThat(Files.readAllBytes(file)).as("cut at %d", cut).isEqualTo(whole);
    }
  }

  @Test
  void resumesWithNewEventsAndCreatesAMissingFile() throws Exception {
    server.out("export", file.toString(), "--resume");
    server.out("export", file.toString(), "--resume");
    assertThat(file).content().hasLineCount(51);

    server.out("publish", hello());
    server.out("export", file.toString(), "--resume");

    assertThat(Files.readString(file)).isEqualTo(server.out("export")).hasLineCount(52);
  }

  @Test
  void anExistingFileIsNeitherOverwrittenNorCut() throws Exception {
    for (String content : List.of("precious", "precious\n", "{\"a\":1}\n{\"b\":2}\n{\"c\"")) {
      Files.writeString(file, content);

      CommandRun fresh = server.run("export", file.toString());
      CommandRun resumed = server.run("export", file.toString(), "--resume");

      assertThat(fresh.exitCode()).isEqualTo(1);
      assertThat(fresh.err()).contains("exists already", "--resume").hasLineCount(1);
      assertThat(resumed.exitCode()).isEqualTo(1);
      assertThat(resumed.err()).startsWith("galerne: " + file).hasLineCount(1);
      assertThat(file).hasContent(content);
    }
  }

  @Test
  void resumingOnStandardOutputIsWrongUsage() {
    assertThat(server.run("export", "--resume").exitCode()).isEqualTo(2);
  }

  @Test
  void endsWithTheLastEventOfAnExecution() throws Exception {
    for (List<String> filters :
        List.of(
            List.of("--workflow-exec-id", "nightly-sync-00"),
            List.of("--root-workflow-exec-id", "nightly-sync-00"),
            List.of("--workflow-exec-id", "nightly-sync-00", "--scope", "workflow"),
            List.of("--workflow-exec-id", "nobody"))) {
      List<String> args = new ArrayList<>(List.of("export"));
      args.addAll(filters);

      CommandRun run = server.run(args.toArray(String[]::new));

      assertThat(run.exitCode()).isZero();
      assertThat(run.out()).as("%s", filters).hasLineCount(filters.contains("nobody") ? 0 : 2);
      assertThat(run.err()).as("%s", filters).isEmpty();
    }
  }

  @Test
  void knowsTheEndOfAnExecutionThatItResumes() {
    String[] export = {
      "export", file.toString(), "--resume", "--workflow-exec-id", "nightly-sync-00"
    };
    server.out(export);

    CommandRun again = server.run(export);

    assertThat(again.err()).isEqualTo("0 events written to " + file + System.lineSeparator());
    assertThat(file).content().hasLineCount(2);
  }

  @Test
  void endsIfOtherNamespacesHaveTheLastEvent() throws Exception {
    Path keys = folder.resolve("keys.json");
    String ours = key(keys, "ours");
    String theirs = key(keys, "theirs");
    try (CommandsServer shared = CommandsServer.withKeys(folder.resolve("shared"), keys)) {
      shared.out("publish", hello(), "--api-key", ours);
      shared.out("publish", hello(), "--api-key", theirs);

      CommandRun run = shared.run("export", "--api-key", ours);

      assertThat(run.exitCode()).isZero();
      assertThat(run.out()).hasLineCount(1);
      assertThat(run.err()).isEmpty();
    }
  }

  private static String key(Path keys, String namespace) {
    CommandRun run =
        CommandRun.of(
            "keys",
            "add",
            "--keys",
            keys.toString(),
            "--namespace",
            namespace,
            "--may",
            "read,publish");
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out().strip();
  }

  @Test
  void saysSoIfNothingConfirmsTheEnd() {
    CommandRun run = server.run("export", "--workflow-name", "nightly-sync");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isNotEmpty();
    assertThat(run.err()).contains("after 3 s without another event").contains("ends at 51");
  }

  /// A server that does not send the end of its log, and pauses.
  @Test
  void continuesAfterAPauseIfTheListShowsMore() throws Exception {
    List<String> lines = server.out("export").lines().limit(3).toList();
    HttpServer slow =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    slow.setExecutor(Executors.newCachedThreadPool());
    slow.createContext(
        "/v1/workflows/events/list",
        exchange -> {
          String events =
              lines.stream()
                  .map(line -> EventReader.streamEvent(line).data().json().text())
                  .collect(Collectors.joining(",", "{\"events\":[", "],\"next_cursor\":null}"));
          exchange.getResponseHeaders().add("content-type", "application/json");
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(events.getBytes(UTF_8));
          exchange.close();
        });
    slow.createContext(
        "/v1/workflows/events/stream",
        exchange -> {
          String after = exchange.getRequestHeaders().getFirst("last-event-id");
          int sent = after == null ? 0 : Integer.parseInt(after);
          exchange.getResponseHeaders().add("content-type", "text/event-stream");
          exchange.sendResponseHeaders(200, 0);
          if (sent < lines.size()) {
            exchange.getResponseBody().write(("data: " + lines.get(sent) + "\n\n").getBytes(UTF_8));
          }
          exchange.getResponseBody().flush(); // then silence
        });
    slow.start();
    try {
      CommandRun run =
          CommandRun.of("export", "--url", "http://127.0.0.1:" + slow.getAddress().getPort());

      assertThat(run).isEqualTo(new CommandRun(0, String.join("\n", lines) + "\n", ""));
    } finally {
      slow.stop(0);
    }
  }

  @Test
  void anInterruptedImportSaysWhereToContinue() throws Exception {
    server.out("export", file.toString());
    AtomicInteger requests = new AtomicInteger();
    HttpServer broken =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    broken.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          boolean first = requests.incrementAndGet() == 1;
          byte[] answer =
              (first ? "{\"status\":\"success\",\"message\":null}" : "{\"detail\":\"no\"}")
                  .getBytes();
          exchange.getResponseHeaders().add("content-type", "application/json");
          exchange.sendResponseHeaders(first ? 200 : 401, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    broken.start();
    try {
      CommandRun run =
          CommandRun.of(
              "import",
              file.toString(),
              "--url",
              "http://127.0.0.1:" + broken.getAddress().getPort());

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err())
          .contains("401", "Imported up to sequence 1; to continue, give --start-seq 2")
          .hasLineCount(1);
    } finally {
      broken.stop(0);
    }

    try (CommandsServer other = CommandsServer.start(folder.resolve("other"))) {
      assertThat(other.run("import", file.toString(), "--start-seq", "50").err())
          .contains("2 events published");
    }
  }

  @Test
  void refusesAFileThatIsNotAnExport() throws Exception {
    CommandRun run = server.run("import", folder.resolve("scenario.ndjson").toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("line 1: this is not an event", "broker_sequence");
  }
}
