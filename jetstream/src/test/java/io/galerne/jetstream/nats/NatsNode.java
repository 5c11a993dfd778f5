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

/// A place for a `nats-server`: its folder, its configuration, its ports and the proxy of its
/// clients. The process in it comes and goes. For one thread at a time.
final class NatsNode {
  /// What a start may take on a busy machine.
  private static final Duration START = Duration.ofSeconds(20);

  private static final JsonMapper JSON = new JsonMapper();

  /// The ports that a process has; -1 lets it choose.
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

  /// @param routes the proxies that lead to each node of the cluster; none where it is alone
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

  /// The process.
  ///
  /// @throws IllegalStateException where there is none, with the end of the last one's log
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

  /// Starts a process on the ports of the last one, and waits until it answers. Where somebody has
  /// taken a port meanwhile, it gets others: clients and routes go through proxies, which follow.
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

  /// Introduced by whose they are: the last lines that its process wrote.
  String logTail() {
    NatsProcess current = process;
    return "\nThe end of the log of " + name + ":\n" + (current == null ? "" : current.logTail());
  }

  /// Kills the process and closes the proxy, whatever state they are in.
  void close() {
    try {
      kill();
    } finally {
      clients.close();
    }
  }

  /// Starts a process and waits for the file that it writes once all its ports are open, named after
  /// its own pid: nobody else's server on the same port can be taken for it. False where it does not
  /// come.
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

  /// False where the file is not there yet, or not as a whole.
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

  /// -1 where it has no such port.
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

  /// Routes lead through the proxies, also those that servers tell each other: what they advertise
  /// is port 1, where nothing listens. As is usual, each lists itself too, because the number of
  /// routes is how many servers it waits for before the first election.
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
