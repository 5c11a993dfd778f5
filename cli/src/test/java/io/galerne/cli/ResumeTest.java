package io.galerne.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `export --resume` continues with the log of the file only.
@Timeout(180)
class ResumeTest {
  @TempDir Path folder;

  private CommandsServer server;
  private Path file;

  @BeforeEach
  void export() throws Exception {
    server = CommandsServer.start(folder.resolve("data"));
    server.publishScenario(folder);
    file = folder.resolve("exported.ndjson");
    server.out("export", file.toString());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void assertRefused(CommandRun run, String... why) throws Exception {
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("galerne: " + file).contains(why).hasLineCount(1);
    assertThat(file).content().hasLineCount(50);
  }

  @Test
  void refusesALogThatEndsBeforeTheFile() throws Exception {
    try (CommandsServer other = CommandsServer.start(folder.resolve("other"))) {
      other.out("publish", hello());

      assertRefused(
          other.run("export", file.toString(), "--resume"),
          "the server's log ends at sequence 1",
          "another log",
          "another file");
    }
  }

  @Test
  void refusesALogWithAnotherEventAtThatSequence() throws Exception {
    Path scenario = folder.resolve("scenario.ndjson");
    for (String change : List.of("\"event_id\":\"x", "\"workflow_exec_id\":\"x")) {
      String name = change.substring(1, 9);
      Path changed = folder.resolve(name + ".ndjson");
      String original = change.substring(0, change.length() - 1);
      Files.writeString(changed, Files.readString(scenario).replace(original, change));
      try (CommandsServer other = CommandsServer.start(folder.resolve(name))) {
        other.out("publish", changed.toString());
        other.out("publish", hello());

        assertRefused(
            other.run("export", file.toString(), "--resume"),
            "the server does not have it",
            "another log");
      }
    }
  }

  @Test
  void acceptsACopyOfTheLogWithAnyFilter() throws Exception {
    try (CommandsServer copy = CommandsServer.start(folder.resolve("copy"))) {
      copy.out("import", file.toString());
      copy.out("publish", hello());

      CommandRun run =
          copy.run("export", file.toString(), "--resume", "--workflow-exec-id", "hello-1");

      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(file).content().hasLineCount(51);
    }
  }

  @Test
  void aLaterStartSequenceContinuesUnchecked() throws Exception {
    try (CommandsServer other = CommandsServer.start(folder.resolve("other"))) {
      other.out("publish", folder.resolve("scenario.ndjson").toString());
      other.out("publish", hello());
      Files.writeString(
          file, Files.readString(file).replace("\"event_id\":\"", "\"event_id\":\"y"));

      CommandRun run = other.run("export", file.toString(), "--resume", "--start-seq", "51");

      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(file).content().hasLineCount(51);
    }
  }

  /// A server that sends neither its oldest nor its newest sequence, and has no event of the file.
  @Test
  void refusesAServerWithoutLogHeadersIfTheEventDoesNotArrive() throws Exception {
    assertRefused(resumeFrom(""), "the server does not have it");
  }

  @Test
  void ifTheEventHasExpiredItSaysHowToContinue() throws Exception {
    assertRefused(resumeFrom("70"), "oldest event is 70", "add --start-seq 70");
  }

  /// Resumes the export from a server whose streams stay silent.
  ///
  /// @param oldest its oldest sequence; empty if it does not send it
  private CommandRun resumeFrom(String oldest) throws Exception {
    HttpServer silent =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    silent.setExecutor(Executors.newCachedThreadPool());
    silent.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("content-type", "text/event-stream");
          if (!oldest.isEmpty()) {
            exchange.getResponseHeaders().add("galerne-oldest-sequence", oldest);
            exchange.getResponseHeaders().add("galerne-head-sequence", "90");
          }
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(":\n\n".getBytes(UTF_8));
          exchange.getResponseBody().flush(); // then silence
        });
    silent.start();
    try {
      return CommandRun.of(
          "export",
          file.toString(),
          "--resume",
          "--url",
          "http://127.0.0.1:" + silent.getAddress().getPort());
    } finally {
      silent.stop(0);
    }
  }

  private String hello() throws Exception {
    return Files.writeString(folder.resolve("hello.ndjson"), Examples.EVENT.replaceAll("\n *", ""))
        .toString();
  }
}
