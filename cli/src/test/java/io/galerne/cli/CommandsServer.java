package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.cli.print.Fixture;
import io.galerne.server.GalerneServer;
import io.galerne.server.RunningServer;
import io.galerne.server.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// A server on a free port, and commands that talk to it.
final class CommandsServer implements AutoCloseable {
  private final Path folder;
  private GalerneServer server;

  private CommandsServer(Path folder, GalerneServer server) {
    this.folder = folder;
    this.server = server;
  }

  static CommandsServer start(Path folder) {
    return new CommandsServer(folder, serve(folder, 0, Optional.empty()));
  }

  static CommandsServer withKeys(Path folder, Path keys) {
    return new CommandsServer(folder, serve(folder, 0, Optional.of(keys)));
  }

  private static GalerneServer serve(Path folder, int port, Optional<Path> keys) {
    return GalerneServer.start(
        ServerConfig.builder().port(port).keys(keys).build(), RunningServer.log(folder));
  }

  String url() {
    return server.uri().toString();
  }

  CommandRun run(String... args) {
    return run(CommandRun.PIPE, args);
  }

  CommandRun run(Terminal terminal, String... args) {
    return CommandRun.of(Map.of("GALERNE_URL", url()), terminal, args);
  }

  /// Runs a command that must succeed.
  String out(String... args) {
    CommandRun run = run(args);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  /// Publishes the scenario that all modules use in tests.
  ///
  /// @return the file of the events
  Path publishScenario(Path folderForFile) throws IOException {
    Path file = folderForFile.resolve("scenario.ndjson");
    Files.writeString(file, Fixture.resource("/scenario.ndjson"));
    out("publish", file.toString());
    return file;
  }

  /// Stops the server, and restarts it on the same port after `meanwhile`.
  void restart(Runnable meanwhile) {
    int port = server.uri().getPort();
    server.close();
    meanwhile.run();
    server = serve(folder, port, Optional.empty());
  }

  @Override
  public void close() {
    server.close();
  }
}
