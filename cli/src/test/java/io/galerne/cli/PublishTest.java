package io.galerne.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.galerne.cli.print.Fixture;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.Json;
import io.galerne.protocol.StreamEvent;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PublishTest {
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

  private static String event(String id) {
    return "{\"event_id\":\""
        + id
        + "\",\"event_type\":\"WORKFLOW_EXECUTION_STARTED\",\"event_timestamp\":1774864800037000001,"
        + "\"workflow_name\":\"hello\",\"workflow_run_id\":\"r\",\"workflow_exec_id\":\"h\","
        + "\"root_workflow_exec_id\":\"h\",\"attributes\":{\"task_id\":\"1\","
        + "\"workflow_name\":\"hello\",\"input\":{\"value\":[1.50,12345678901234567890,\"é\"]}}}";
  }

  private String file(String... lines) throws Exception {
    return Files.write(folder.resolve("events.ndjson"), List.of(lines)).toString();
  }

  private List<StreamEvent> stored() {
    return server.out("export").lines().map(EventReader::streamEvent).toList();
  }

  private List<String> storedIds() {
    return stored().stream().map(event -> event.data().eventId()).toList();
  }

  @Test
  void takesEventsInTheOrderOfTheirLines() throws Exception {
    Path scenario = server.publishScenario(folder);

    assertThat(server.run("publish", scenario.toString()))
        .isEqualTo(new CommandRun(0, "", "50 events published" + System.lineSeparator()));
    assertThat(storedIds())
        .isEqualTo(Fixture.scenario().stream().map(event -> event.data().eventId()).toList());
  }

  @Test
  void acceptsBareEventsAndThoseWithStreamAndMetadata() throws Exception {
    String wrapped =
        "{\"event\":%s,\"stream\":\"mine\",\"metadata\":{\"tenant\":\"acme\",\"page\":7.50}}";

    server.out("publish", file(event("one"), "", wrapped.formatted(event("two")), "  "));

    assertThat(storedIds()).containsExactly("one", "two");
    StreamEvent two = stored().get(1);
    assertThat(two.stream()).isEqualTo("mine");
    assertThat(two.metadata())
        .isEqualTo(Map.of("tenant", Json.of("\"acme\""), "page", Json.of("7.50")));
    assertThat(two.data().json().text()).contains("[1.50,12345678901234567890,\"é\"]");
  }

  @Test
  void readsStandardInput() throws Exception {
    InputStream before = System.in;
    try {
      System.setIn(
          new ByteArrayInputStream((event("one") + "\r\n" + event("two")).getBytes(UTF_8)));
      server.out("publish");
      System.setIn(new ByteArrayInputStream(event("three").getBytes(UTF_8)));
      server.out("publish", "-");
    } finally {
      System.setIn(before);
    }

    assertThat(storedIds()).containsExactly("one", "two", "three");
  }

  @Test
  void namesRefusedLinesAndPublishesTheOthers() throws Exception {
    String broken = event("broken").replace("\"task_id\":\"1\",", "").replace("\"r\"", "7");
    String file = file(event("one"), broken, event("two"), "{\"event\":", "[]", event("three"));

    CommandRun run = server.run("publish", file);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines().toList())
        .satisfiesExactlyInAnyOrder(
            line ->
                assertThat(line)
                    .startsWith("galerne: " + file + ", line 2: ")
                    .contains("workflow_run_id: ", "attributes.task_id: ")
                    .doesNotContain("body"),
            line ->
                assertThat(line).startsWith("galerne: " + file + ", line 4: this is not an event"),
            line ->
                assertThat(line).startsWith("galerne: " + file + ", line 5: this is not an event"),
            line -> assertThat(line).isEqualTo("3 events published, 3 lines refused"));
    assertThat(storedIds()).containsExactly("one", "two", "three");
  }

  @Test
  void namesTheFirstLineIfItIsRefused() throws Exception {
    CommandRun run = server.run("publish", file("{}", event("one")));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("line 1: ", "event_id: ");
    assertThat(storedIds()).containsExactly("one");
  }

  @Test
  void givesUpOnAFileWithoutAnyEvents() throws Exception {
    String[] lines = new String[500];
    Arrays.fill(lines, "name;value");

    CommandRun run = server.run("publish", file(lines));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("line 100: ", "the rest was not sent")
        .doesNotContain("line 101: ");
  }

  @Test
  void aMissingFileIsAFailure() {
    CommandRun run = server.run("publish", folder.resolve("missing").toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("galerne: ").contains("missing").hasLineCount(1);
  }

  @Test
  void aFileThatIsNotUtf8FailsWithTheLine() throws Exception {
    Path file = folder.resolve("latin.ndjson");
    Files.writeString(file, event("one") + "\n" + event("é"), ISO_8859_1);

    CommandRun run = server.run("publish", file.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("latin.ndjson, line ", "this is not UTF-8");
  }

  @Test
  void namesAMissingFile() {
    String missing = folder.resolve("missing.ndjson").toString();

    for (String command : List.of("publish", "import")) {
      assertThat(server.run(command, missing))
          .isEqualTo(
              new CommandRun(
                  1, "", "galerne: there is no file '" + missing + "'" + System.lineSeparator()));
    }
  }

  @Test
  void ignoresAByteOrderMark() throws Exception {
    Path first = Files.writeString(folder.resolve("first"), "\uFEFF" + event("one") + "\n");
    Path second = Files.writeString(folder.resolve("second"), "\uFEFF" + event("two") + "\r\n");

    server.out("publish", first.toString(), second.toString());

    assertThat(storedIds()).containsExactly("one", "two");
  }

  @Test
  void sendsNumbersOfAnySizeUnchanged() throws Exception {
    String metadata = "{\"event\":%s,\"metadata\":{\"n\":1e-7}}";

    server.out("publish", file(metadata.formatted(event("one").replace("1.50", "1e-7"))));

    assertThat(stored().getFirst().metadata()).containsEntry("n", Json.of("1e-7"));
    assertThat(stored().getFirst().data().json().text()).contains("[1e-7,");
  }

  @Test
  void waitsAsLongAsABusyServerAsks() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    CommandRun run =
        publishTo(exchange -> {
          int number = requests.incrementAndGet();
          if (number == 1 || number == 3) {
            exchange.getResponseHeaders().add("retry-after", "1");
            exchange.sendResponseHeaders(number == 1 ? 503 : 429, -1);
          } else {
            byte[] answer = "{\"status\":\"success\",\"message\":null}".getBytes(UTF_8);
            exchange.getResponseHeaders().add("content-type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .contains(
            "galerne: the server answered 503, which asks to wait 1 s; trying again for up to")
        .contains("2 events published");
    assertThat(requests.get()).isEqualTo(4);
  }

  @Test
  void givesUpIfTheRequestedWaitIsTooLong() throws Exception {
    CommandRun run =
        publishTo(exchange -> {
          exchange.getResponseHeaders().add("retry-after", "86400");
          exchange.sendResponseHeaders(503, -1);
        });

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("galerne: the server is unavailable (503); try again later");
  }

  /// Publishes two events to a new server.
  private CommandRun publishTo(HttpHandler handler) throws Exception {
    HttpServer busy =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    busy.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          handler.handle(exchange);
          exchange.close();
        });
    busy.start();
    try {
      return CommandRun.of(
          "publish",
          file(event("one"), event("two")),
          "--url",
          "http://127.0.0.1:" + busy.getAddress().getPort());
    } finally {
      busy.stop(0);
    }
  }

  @Test
  void unreadableFilesAreReportedWithoutJava() throws Exception {
    CommandRun run = server.run("publish", folder.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            "galerne: '" + folder + "' cannot be read: is a directory" + System.lineSeparator());
  }
}
