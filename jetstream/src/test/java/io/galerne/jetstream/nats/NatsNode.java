package io.galerne.jetstream.nats;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A `nats-server` that can be restarted: its folder, configuration, ports and client proxy stay,
/// its process changes. Used by one thread at a time.
final class NatsNode {
  /// The longest start on a busy machine.
  private static final Duration START = Duration.ofSeconds(20);

  private static final JsonMapper JSON = new JsonMapper();

  /// The ports of a process; -1 lets it choose.
  private record Ports(int client, int monitoring, int cluster) {
    private static final Ports ANY = new Ports(-1, -1, -1);
  }

  private final String name;
  private final NatsBinary binary;
  private final Path folder;
  private final List<TcpProxy> routes;
  private final List<String> extra;
  final TcpProxy clients;
  private Ports ports = Ports.ANY;
  private @Nullable NatsProcess process;

  /// @param routes the proxies to each node of the cluster; none for a single server
  /// @param extra lines for its configuration
  NatsNode(String name, NatsBinary binary, Path folder, List<TcpProxy> routes, List<String> extra) {
    this.name = name;
    this.binary = binary;
    this.folder = folder;
    this.routes = routes;
    this.extra = extra;
    this.clients = TcpProxy.open(name);
  }

  String name() {
    return name;
  }

  int clientPort() {
    return ports.client;
  }

  int clusterPort() {
    return ports.cluster;
  }

  URI monitoring() {
    return URI.create("http://127.0.0.1:" + ports.monitoring);
  }

  /// Returns the running process.
  ///
  /// @throws IllegalStateException if there is none, with the end of the last one's log
  NatsProcess running() {
    NatsProcess current = process;
    if (current == null || !current.isAlive()) {
      throw new IllegalStateException(name + " does not run: start it first" + logTail());
    }
    return current;
  }

  boolean isResponsive() {
    NatsProcess current = process;
    return current != null && current.isResponsive();
  }

  /// Starts a process on the ports of the last one, and waits until it answers. If another program
  /// took a port meanwhile, it gets new ports: clients and routes go through proxies, which follow.
  void start() {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException(name + " runs already");
    }
    boolean answers = launch();
    if (!answers && ports != Ports.ANY && logTail().contains("address already in use")) {
      ports = Ports.ANY;
      answers = launch();
    }
    if (!answers) {
      kill();
      throw new IllegalStateException(name + " did not start." + logTail());
    }
    clients.leadTo(ports.client);
  }

  void kill() {
    NatsProcess current = process;
    if (current != null) {
      current.kill();
    }
  }

  /// Returns the node's name and the last lines of its process.
  String logTail() {
    NatsProcess current = process;
    return "\nThe end of the log of " + name + ":\n" + (current == null ? "" : current.logTail());
  }

  /// Kills the process and closes the proxy in any state.
  void close() {
    try {
      kill();
    } finally {
      clients.close();
    }
  }

  /// Starts a process and waits for the file that it writes when all its ports are open. The file
  /// is named after its pid, so a foreign server on the same port cannot be mistaken for it. False
  /// if the file does not appear.
  private boolean launch() {
    Path config = folder.resolve("nats.conf");
    try {
      Files.createDirectories(folder);
      Files.writeString(config, config());
      Files.deleteIfExists(log());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + config, e);
    }
    NatsProcess started =
        NatsProcess.launch(List.of(binary.path().toString(), "-c", config.toString()), log());
    process = started;
    Path file = folder.resolve(binary.path().getFileName() + "_" + started.pid() + ".ports");
    try {
      await()
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(10))
          .atMost(START)
          .until(() -> readPorts(file) || !started.isAlive());
    } catch (ConditionTimeoutException e) {
      return false;
    }
    return started.isAlive();
  }

  /// Returns false if the file is missing or incomplete.
  private boolean readPorts(Path file) {
    try {
      JsonNode urls = JSON.readTree(Files.readString(file));
      if (!urls.isObject()) {
        return false;
      }
      ports = new Ports(port(urls, "nats"), port(urls, "monitoring"), port(urls, "cluster"));
      Files.delete(file);
      return true;
    } catch (IOException | JacksonException e) {
      return false;
    }
  }

  /// Returns -1 if it has no such port.
  private static int port(JsonNode urls, String kind) {
    return URI.create(urls.path(kind).path(0).asString("")).getPort();
  }

  Path store() {
    return folder.resolve("store");
  }

  private Path log() {
    return folder.resolve("nats.log");
  }

  private String config() {
    String own =
        """
        server_name: %s
        listen: "127.0.0.1:%d"
        http: "127.0.0.1:%d"
        ports_file_dir: "%s"
        jetstream { store_dir: "%s", max_memory_store: 256M, max_file_store: 16G }
        """
            .formatted(name, ports.client, ports.monitoring, folder, store());
    return own + (routes.isEmpty() ? "" : cluster()) + String.join("\n", extra) + "\n";
  }

  /// Routes go through the proxies only: servers advertise port 1, where nothing listens. As usual,
  /// each lists itself too, because the number of routes is the number of servers that it waits for
  /// before the first election.
  private String cluster() {
    String urls =
        routes.stream()
            .map(proxy -> "\"nats://127.0.0.1:" + proxy.port() + "\"")
            .collect(Collectors.joining(", "));
    return """
    cluster {
      name: galerne
      listen: "127.0.0.1:%d"
      advertise: "127.0.0.1:1"
      no_advertise: true
      routes: [%s]
    }
    """
        .formatted(ports.cluster, urls);
  }
}
