package io.galerne.bench.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// One `nats-server` with JetStream on disk and its default sync interval: the peer for publishing
/// and replay.
///
/// Needs Debian's `nats-server`.
public final class JetStreamServer implements AutoCloseable {
  private final ServerProcess process;
  private final int port;

  private JetStreamServer(ServerProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /// Starts it and waits until it is ready.
  ///
  /// @param folder for its configuration and store
  public static JetStreamServer start(Path folder) {
    int port = ServerProcess.freePort();
    Path configuration = folder.resolve("nats.conf");
    try {
      Files.writeString(configuration, configuration(folder, port));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + configuration, e);
    }
    List<String> command = List.of("nats-server", "-c", configuration.toString());
    return new JetStreamServer(
        ServerProcess.start(command, Map.of(), line -> line.contains("Server is ready")), port);
  }

  public String url() {
    return "nats://127.0.0.1:" + port;
  }

  public ServerProcess process() {
    return process;
  }

  @Override
  public void close() {
    process.close();
  }

  private static String configuration(Path folder, int port) {
    return """
    listen: "127.0.0.1:%2$d"
    jetstream { store_dir: "%1$s/jetstream", max_file_store: 64G }
    """
        .formatted(folder, port);
  }
}
