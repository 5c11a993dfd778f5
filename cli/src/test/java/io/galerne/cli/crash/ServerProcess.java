package io.galerne.cli.crash;

import io.galerne.cli.GalerneProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `galerne serve` as a separate process. Its log goes to a file.
final class ServerProcess {
  private static final String READY = "galerne is listening on ";

  private final Process process;
  private final Path log;

  private ServerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /// Starts a server on a free port.
  ///
  /// @param log the file to which its log is appended
  /// @param options the place of its events, and any other options
  static ServerProcess start(Path log, String... options) {
    List<String> args = new ArrayList<>(List.of("serve", "--port", "0"));
    args.addAll(List.of(options));
    try {
      return new ServerProcess(GalerneProcess.start(log, args.toArray(String[]::new)), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits until it listens, and returns its address; empty if it ended before.
  Optional<URI> awaitListening() {
    try {
      String line = process.inputReader().readLine();
      return line == null
          ? Optional.empty()
          : Optional.of(URI.create(line.substring(READY.length())));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// Kills it as `kill -9` does.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /// Shuts it down cleanly.
  ///
  /// @return its exit code
  int stop() throws InterruptedException {
    process.destroy();
    return process.waitFor();
  }

  /// Returns what all servers logged into the file.
  String logged() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
