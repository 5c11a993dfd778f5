package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.galerne.protocol.EventReader;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Commands that run until a signal ends them, as separate processes.
@Timeout(120)
class EndOfCommandTest {
  @TempDir Path folder;

  private CommandsServer server;
  private Process process;

  @BeforeEach
  void start() throws Exception {
    server = CommandsServer.start(folder.resolve("data"));
    server.publishScenario(folder);
  }

  @AfterEach
  void stop() {
    if (process != null) {
      process.destroyForcibly();
    }
    server.close();
  }

  private void interrupt() throws Exception {
    Process kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void ctrlCEndsTailSilentlyBetweenTwoLines() throws Exception {
    Path errors = folder.resolve("errors.txt");
    process = GalerneProcess.start(errors, "tail", "--url", server.url());
    try (BufferedReader out = process.inputReader()) {
      for (int i = 1; i <= 50; i++) {
        assertThat(EventReader.streamEvent(out.readLine()).brokerSequence()).isEqualTo(i);
      }
      interrupt();

      assertThat(out.readLine()).isNull();
    }
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(errors).isEmptyFile();
  }

  @Test
  void ctrlCLeavesAnExportWhole() throws Exception {
    Path file = folder.resolve("events.ndjson");
    process =
        GalerneProcess.start(
            folder.resolve("errors.txt"),
            "export",
            file.toString(),
            "--follow",
            "--url",
            server.url());
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> Files.exists(file) && Files.readAllLines(file).size() == 50);

    interrupt();

    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(Files.readString(file)).isEqualTo(server.out("export"));
  }

  @Test
  void ctrlCWorksInTestsThatRunInTheBackground() throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "trap '' INT; exec \"$@\"", "sh"));
    command.addAll(GalerneProcess.command(List.of(), "tail", "--url", server.url()));
    process = GalerneProcess.start(command, folder.resolve("errors.txt"));
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).isNotNull();

      interrupt();
    }
    assertThat(process.exitValue()).isEqualTo(130);
  }

  @Test
  void ctrlCEndsAPublishThatWaitsForABusyServer() throws Exception {
    HttpServer busy =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    busy.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("retry-after", "60");
          exchange.sendResponseHeaders(503, -1);
          exchange.close();
        });
    busy.start();
    try {
      Path errors = folder.resolve("errors.txt");
      process =
          GalerneProcess.start(
              errors,
              "publish",
              folder.resolve("scenario.ndjson").toString(),
              "--url",
              "http://127.0.0.1:" + busy.getAddress().getPort());
      Awaitility.await()
          .atMost(60, TimeUnit.SECONDS)
          .until(() -> Files.exists(errors) && Files.readString(errors).contains("trying again"));

      interrupt();

      assertThat(process.exitValue()).isEqualTo(130);
    } finally {
      busy.stop(0);
    }
  }
}
