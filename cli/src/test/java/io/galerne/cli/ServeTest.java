package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `galerne serve` as a separate process.
@Timeout(120)
class ServeTest {
  private static final String READY = "galerne is listening on ";

  @TempDir Path folder;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endProcesses() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void printsOnlyItsAddressAndShutsDownCleanly() throws Exception {
    Process server = galerne("serve", "--port", "0", "--data", folder.resolve("data").toString());
    try (BufferedReader out = server.inputReader()) {
      String line = out.readLine();
      assertThat(line).as(errors()).matches(READY + "http://127\\.0\\.0\\.1:\\d+");
      assertThat(status(URI.create(line.substring(READY.length())))).isEqualTo(200);

      server.toHandle().destroy(); // SIGTERM; the process itself would also close its streams

      assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(server.exitValue()).as(errors()).isZero();
      assertThat(out.readLine()).isNull();
    }
    assertThat(errors())
        .matches("(?s)\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  .*");
  }

  @Test
  void startingAServerLoadsNothingOfTheClient() throws Exception {
    Path classes = folder.resolve("classes.txt");
    Process server =
        GalerneProcess.start(
            errorFile(),
            List.of("-Xlog:class+load:file=" + classes),
            "serve",
            "--port",
            "0",
            "--data",
            folder.resolve("data").toString());
    started.add(server);
    assertThat(server.inputReader().readLine()).as(errors()).startsWith(READY);

    assertThat(Files.readString(classes))
        .contains("io.galerne.cli.events.Tail ")
        .doesNotContain("io.galerne.client.", "java.net.http.");
  }

  @Test
  void acceptsAnIpv6AddressInBrackets() throws Exception {
    for (String host : List.of("[::1]", "::1")) {
      Path data = folder.resolve("data" + host.length());
      Process server = galerne("serve", "--host", host, "--port", "0", "--data", data.toString());
      String line = server.inputReader().readLine();
      assertThat(line).as(errors()).matches(READY + "http://\\[::1]:\\d+");
      assertThat(status(URI.create(line.substring(READY.length())))).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({"[::1, [::1", "no such host, no such host", "300.1.1.1, 300.1.1.1", "[], --host"})
  void anUnusableHostIsAFailure(String host, String named) throws Exception {
    Process server =
        galerne(
            "serve", "--host", host, "--port", "0", "--data", folder.resolve("data").toString());
    assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(server.exitValue()).as(errors()).isEqualTo(2);
    assertThat(errors().lines().filter(line -> line.startsWith("galerne: ")))
        .singleElement()
        .asString()
        .contains(named);
  }

  @Test
  void onlyTheOwnerCanReadTheData() throws Exception {
    Path data = folder.resolve("data");
    Process server = galerne("serve", "--port", "0", "--data", data.toString());
    assertThat(server.inputReader().readLine()).as(errors()).startsWith(READY);
    try (Stream<Path> files = Files.walk(data)) {
      assertThat(files.toList())
          .hasSizeGreaterThan(4)
          .allSatisfy(file ->
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .endsWith("------"));
    }
  }

  @Test
  void twoServersDoNotShareAFolder() throws Exception {
    String data = folder.resolve("data").toString();
    Process first = galerne("serve", "--port", "0", "--data", data);
    assertThat(first.inputReader().readLine()).as(errors()).startsWith(READY);

    Process second = galerne("serve", "--port", "0", "--data", data);

    assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
    assertThat(second.inputReader().readLine()).isNull();
    assertThat(errors().lines().filter(line -> line.startsWith("galerne: ")))
        .singleElement()
        .asString()
        .contains(data);
  }

  @Test
  void aTakenPortIsAFailureAtRunTime() throws Exception {
    Process first = galerne("serve", "--port", "0", "--data", folder.resolve("one").toString());
    String line = first.inputReader().readLine();
    assertThat(line).as(errors()).startsWith(READY);
    String port = Integer.toString(URI.create(line.substring(READY.length())).getPort());

    Process second = galerne("serve", "--port", port, "--data", folder.resolve("two").toString());

    assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
    assertThat(errors().lines().filter(error -> error.startsWith("galerne: ")))
        .singleElement()
        .asString()
        .contains(port, "--port");
  }

  @Test
  void wrongUsageIsExitCodeTwo() throws Exception {
    Process process = galerne("serve", "--prot", "1");

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(process.inputReader().readLine()).isNull();
    assertThat(errors()).startsWith("galerne: there is no option '--prot'").hasLineCount(1);
  }

  /// Starts a process with its standard error in a file of the test's folder.
  private Process galerne(String... args) throws IOException {
    Process process = GalerneProcess.start(errorFile(), args);
    started.add(process);
    return process;
  }

  private Path errorFile() {
    return folder.resolve("errors.txt");
  }

  private String errors() throws IOException {
    return Files.readString(errorFile());
  }

  private static int status(URI server) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest list =
          HttpRequest.newBuilder(server.resolve("/v1/workflows/events/list")).build();
      return http.send(list, BodyHandlers.discarding()).statusCode();
    }
  }
}
