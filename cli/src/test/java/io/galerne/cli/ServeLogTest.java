package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.jetstream.JetStreamEventLog;
import io.galerne.jetstream.JetStreamLogConfig;
import io.galerne.jetstream.NatsAccess;
import io.galerne.jetstream.nats.NatsServers;
import io.galerne.server.log.store.StoreConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `galerne serve --log` as a separate process.
@Timeout(120)
class ServeLogTest {
  private static final String READY = "galerne is listening on ";

  private static NatsServers nats;

  @TempDir Path folder;

  private final List<Process> started = new ArrayList<>();

  @BeforeAll
  static void startNats(@TempDir Path folder) {
    nats = NatsServers.single(folder);
  }

  @AfterAll
  static void stopNats() {
    nats.close();
  }

  @AfterEach
  void endProcesses() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void printsOnlyItsAddressAndShutsDownCleanly() throws Exception {
    String view = folder.resolve("view").toString();
    Process server = serve("--log", nats.url(0), "--stream", "RUNS", "--data", view);
    try (BufferedReader out = server.inputReader()) {
      assertThat(out.readLine()).as(errors()).matches(READY + "http://127\\.0\\.0\\.1:\\d+");

      server.toHandle().destroy(); // SIGTERM; the process itself would also close its streams

      assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(server.exitValue()).as(errors()).isZero();
      assertThat(out.readLine()).isNull();
    }
    assertThat(errors())
        .contains("Created the NATS stream RUNS", "there is one copy of the log", "Stopped")
        .doesNotContain(" ERROR ");
  }

  @Test
  void namesTheUnreachableNatsServersWithoutThePassword() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Process server = serve("--log", "nats://galerne:not-for-messages@127.0.0.1:" + port);

    assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(server.exitValue()).as(errors()).isEqualTo(1);
    assertThat(server.inputReader().readLine()).isNull();
    assertThat(errors())
        .startsWith("galerne: ")
        .hasLineCount(1)
        .contains("nats://127.0.0.1:" + port, "are the servers running")
        .doesNotContain("not-for-messages");
  }

  @Test
  void aStreamThatDoesNotFitFailsWithTheRemedy() {
    assertThat(failure(1, "--stream", "TOO_MANY", "--replicas", "3"))
        .contains("is a single server", "set --replicas to 1");

    JetStreamLogConfig fits =
        JetStreamLogConfig.builder(
                NatsAccess.to(nats.urls()), StoreConfig.builder(folder.resolve("fits")).build())
            .stream("FITS")
            .build();
    JetStreamEventLog.open(fits).close();
    assertThat(failure(1, "--stream", "FITS", "--replicas", "3"))
        .contains(
            "FITS has 1 replicas", "--replicas asks for 3", "nats stream edit FITS --replicas=3")
        .doesNotContain("`");
  }

  @Test
  void aCertificateWithoutItsKeyIsWrongUsage() {
    assertThat(failure(2, "--nats-tls-cert", "cert.pem"))
        .contains("--nats-tls-cert", "--nats-tls-key");
    assertThat(failure(2, "--nats-tls-key", "key.pem"))
        .contains("--nats-tls-cert", "--nats-tls-key");
  }

  /// For example if GALERNE_LOG is not set: a log in a folder is not intended then.
  @ParameterizedTest
  @CsvSource({"--stream, RUNS", "--replicas, 3", "--nats-creds, file", "--nats-tls-ca, file"})
  void optionsForNatsWithoutLogAreWrongUsage(String option, String value) {
    CommandRun run =
        CommandRun.of("serve", "--port", "0", "--data", folder.toString(), option, value);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains(option + " is for a log on NATS: give --log too");
  }

  @Test
  void twoKindsOfCredentialsAreWrongUsage() {
    assertThat(failure(2, "--nats-creds", "a", "--nats-nkey", "b"))
        .contains("--nats-creds and --nats-nkey are two ways to log in");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--nats-creds", "--nats-nkey", "--nats-tls-ca"})
  void aFileThatCannotBeReadIsNamed(String option) {
    String file = folder.resolve("nothing").toString();
    assertThat(failure(2, option, file)).contains(option, file);
  }

  /// Runs a server that cannot start, in this process.
  ///
  /// @return its one line on standard error
  private static String failure(int exitCode, String... options) {
    List<String> args = new ArrayList<>(List.of("serve", "--port", "0", "--log", nats.url(0)));
    args.addAll(List.of(options));
    CommandRun run = CommandRun.of(args.toArray(new String[0]));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("galerne: ").hasLineCount(1);
    return run.err();
  }

  /// Starts a process with its standard error in a file of the test's folder.
  private Process serve(String... options) throws IOException {
    List<String> args = new ArrayList<>(List.of("serve", "--port", "0"));
    args.addAll(List.of(options));
    Process process = GalerneProcess.start(errorFile(), args.toArray(new String[0]));
    started.add(process);
    return process;
  }

  private Path errorFile() {
    return folder.resolve("errors.txt");
  }

  private String errors() throws IOException {
    return Files.readString(errorFile());
  }
}
