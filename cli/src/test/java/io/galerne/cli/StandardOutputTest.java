package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.access.KeyFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The behaviour of commands if their output cannot be written.
@Timeout(180)
class StandardOutputTest {
  @TempDir Path folder;

  private CommandsServer server;

  @BeforeEach
  void start() throws Exception {
    server = CommandsServer.start(folder.resolve("data"));
    server.publishScenario(folder);
    addKey();
  }

  private void addKey() {
    CommandRun.of("keys", "add", "--namespace", "acme", "--may", "read", "--keys", keys());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String keys() {
    return folder.resolve("keys.json").toString();
  }

  private List<String[]> everyCommandThatPrints() {
    addKey();
    String id = new KeyFile(Path.of(keys())).read().getFirst().id();
    return Stream.of(
            "",
            "--help",
            "--version",
            "help",
            "help keys add",
            "tail --help",
            "completion bash",
            "completion zsh",
            "list",
            "tail",
            "tail --workflow-exec-id document-review-7f3a --state",
            "export",
            "export --follow",
            "demo --speed 100",
            "keys",
            "keys list --keys " + keys(),
            "keys add --namespace acme --may read --keys " + keys(),
            "keys revoke " + id + " --keys " + keys())
        .map(line -> line.isEmpty() ? new String[0] : line.split(" "))
        .toList();
  }

  private CommandRun printing(String failure, Terminal terminal, String[] args) {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(failure);
          }
        };
    return CommandRun.printingTo(broken, Map.of("GALERNE_URL", server.url()), terminal, args);
  }

  @Test
  void everyCommandFailsAndSaysWhy() {
    for (Terminal terminal : List.of(CommandRun.PIPE, new Terminal(true, false, true, 80))) {
      for (String[] args : everyCommandThatPrints()) {
        CommandRun run = printing("No space left on device", terminal, args);

        assertThat(run.exitCode()).as("%s", List.of(args)).isEqualTo(1);
        assertThat(run.err())
            .as("%s", List.of(args))
            .contains("standard output", "no space left on device");
      }
    }
  }

  @Test
  void everyCommandEndsSilentlyIfNothingReads() {
    for (String[] args : everyCommandThatPrints()) {
      CommandRun run = printing("Broken pipe", CommandRun.PIPE, args);

      if (List.of(args).subList(0, Math.min(2, args.length)).equals(List.of("keys", "add"))) {
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("the secret cannot be written");
      } else {
        assertThat(run.exitCode()).as("%s", List.of(args)).isEqualTo(141);
        assertThat(run.err()).as("%s", List.of(args)).isEmpty();
      }
    }
  }

  @Test
  void aKeyWhoseSecretWasNotShownIsRevoked() {
    List<?> before = new KeyFile(Path.of(keys())).read();
    String[] add = {"keys", "add", "--namespace", "acme", "--may", "read", "--keys", keys()};

    assertThat(printing("Broken pipe", CommandRun.PIPE, add).exitCode()).isEqualTo(1);

    assertThat(new KeyFile(Path.of(keys())).read()).isEqualTo(before).isNotEmpty();
  }

  @Test
  void aFullDiskIsReportedByTheProcess() throws Exception {
    for (String args :
        List.of("list", "export", "--version", "keys list --keys '" + keys() + "'")) {
      Path errors = Files.createTempFile(folder, "errors", ".txt");

      assertThat(shell(galerne(args) + " > /dev/full 2>'" + errors + "'")).isEqualTo(1);
      assertThat(errors)
          .hasContent("galerne: standard output cannot be written: no space left on device");
    }
    Path errors = folder.resolve("errors.txt");
    assertThat(shell(galerne("export /dev/full") + " 2>'" + errors + "'")).isEqualTo(1);
    assertThat(errors).content().contains("/dev/full cannot be written: no space left on device");
    assertThat(shell(galerne("export /dev/null"))).isZero();
  }

  @Test
  void aServerWhoseAddressCannotBeWrittenEnds() throws Exception {
    String serve = "serve --port 0 --data '" + folder.resolve("other") + "'";
    Path full = folder.resolve("full.txt");
    Path gone = folder.resolve("gone.txt");

    assertThat(shell(galerne(serve) + " > /dev/full 2>'" + full + "'")).isEqualTo(1);
    assertThat(shell(galerne(serve) + " 2>'" + gone + "' | true; exit ${PIPESTATUS[0]}"))
        .isEqualTo(1);

    assertThat(Files.readAllLines(full).stream().filter(line -> line.startsWith("galerne:")))
        .containsExactly(
            "galerne: the server's address cannot be written to standard output (no space left on"
                + " device), so the server was stopped; if nothing reads it, redirect it to"
                + " /dev/null");
    assertThat(gone).content().contains("cannot be written to standard output", "/dev/null");
  }

  @Test
  void tailEndsWithItsReaderEvenIfTheStreamIsSilent() throws Exception {
    Path out = folder.resolve("out.txt");
    Path errors = folder.resolve("errors.txt");
    String last = "tail --start-seq 50";

    int exitCode =
        shell(
            galerne(last) + " 2>'" + errors + "' | head -1 >'" + out + "'; exit ${PIPESTATUS[0]}");

    assertThat(exitCode).isEqualTo(141);
    assertThat(out).content().hasLineCount(1);
    assertThat(errors).isEmptyFile();
  }

  private String galerne(String args) {
    List<String> command = new ArrayList<>(GalerneProcess.command(List.of()));
    command.replaceAll(word -> "'" + word + "'");
    return "GALERNE_URL='" + server.url() + "' " + String.join(" ", command) + " " + args;
  }

  /// Runs a line of bash.
  ///
  /// @return its exit code
  private static int shell(String line) throws Exception {
    Process bash = new ProcessBuilder("bash", "-c", line).inheritIO().start();
    assertThat(bash.waitFor(120, TimeUnit.SECONDS)).as(line).isTrue();
    return bash.exitValue();
  }
}
