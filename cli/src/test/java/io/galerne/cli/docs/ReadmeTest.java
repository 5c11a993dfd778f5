package io.galerne.cli.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.cli.GalerneProcess;
import io.galerne.server.GalerneServer;
import io.galerne.server.ServerConfig;
import io.galerne.server.docs.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Runs the README's commands as they are printed, against a server on another port.
@Timeout(120)
class ReadmeTest {
  private static final String README = Documents.text("README.md");
  private static final String USUAL_ADDRESS = "http://127.0.0.1:8080";
  private static final int TIME_IS_UP = 28;

  /// How long a stream is read that has no end.
  private static final int STREAM_SECONDS = 4;

  private static final int MOST_SECONDS = 60;

  @TempDir Path data;

  private record Run(int exitCode, String output) {}

  @Test
  void publishingFollowingAndListingWorkAsPrinted() throws Exception {
    try (GalerneServer server = GalerneServer.start(ServerConfig.builder(data).port(0).build())) {
      String address = server.uri().toString();

      for (String command : commands("publish")) {
        assertThat(run(command, address, MOST_SECONDS))
            .isEqualTo(new Run(0, "{\"status\":\"success\",\"message\":null}"));
      }
      for (String command : commands("stream")) {
        Run run = run(command, address, STREAM_SECONDS);
        assertThat(run.exitCode()).as("%s: %s", command, run).isEqualTo(TIME_IS_UP);
        assertThat(run.output()).as(command).contains("id: 1\n", "hello-event-1");
      }
      for (String command : commands("list")) {
        Run run = run(command, address, MOST_SECONDS);
        assertThat(run.exitCode()).as("%s: %s", command, run).isZero();
        assertThat(run.output()).as(command).contains("hello-event-1", "\"next_cursor\":null");
      }
    }
  }

  @Test
  void theCommandsWorkAsPrinted() throws Exception {
    Path galerne = Files.writeString(data.resolve("galerne"), launcher());
    assertThat(galerne.toFile().setExecutable(true)).isTrue();
    try (GalerneServer server =
        GalerneServer.start(ServerConfig.builder(data.resolve("data")).port(0).build())) {
      for (String block : commands("commands")) {
        ProcessBuilder bash =
            new ProcessBuilder("bash", "-e", "-c", block).directory(data.toFile());
        bash.environment().put("GALERNE_URL", server.uri().toString());

        Run run = run(bash);

        assertThat(run.exitCode()).as("%s: %s", block, run).isZero();
        if (block.contains("tail")) {
          assertThat(run.output()).contains("hello-event-2", "WORKFLOW_EXECUTION_COMPLETED");
        }
      }
      assertThat(data.resolve("events.ndjson")).content().hasLineCount(2);
    }
  }

  /// Starts what this test was compiled with, where `./galerne` would build it first.
  private static String launcher() {
    return "#!/bin/sh\nexec '%s' %s -cp '%s' io.galerne.cli.Galerne \"$@\"\n"
        .formatted(
            Path.of(System.getProperty("java.home"), "bin", "java"),
            String.join(" ", GalerneProcess.SHORT_LIVED),
            System.getProperty("java.class.path"));
  }

  /// The blocks that are marked to be run in that way.
  private static List<String> commands(String kind) {
    List<String> commands =
        Documents.all("<!-- run: " + kind + " -->\n```sh\n((?s:.*?))```", README);
    assertThat(commands).as("commands marked with run: " + kind).isNotEmpty();
    return commands;
  }

  private static Run run(String command, String address, int seconds)
      throws IOException, InterruptedException {
    assertThat(command).startsWith("curl ").contains(USUAL_ADDRESS);
    String bounded =
        command.replace(USUAL_ADDRESS, address).replace("curl ", "curl -sS -m " + seconds + " ");
    return run(new ProcessBuilder("bash", "-c", bounded));
  }

  private static Run run(ProcessBuilder bash) throws IOException, InterruptedException {
    Process process = bash.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    String errors = new String(process.getErrorStream().readAllBytes(), UTF_8);
    int exitCode = process.waitFor();
    return new Run(exitCode, exitCode == 0 ? output : output + errors);
  }
}
