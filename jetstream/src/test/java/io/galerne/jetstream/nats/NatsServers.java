package io.galerne.jetstream.nats;

import static io.galerne.jetstream.nats.Monitoring.elements;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.databind.JsonNode;

/// One `nats-server` with JetStream on disk, or a cluster of three, named `n0`, `n1` and `n2`. They
/// can be killed, stopped, paused and cut off, and restart with their stores.
///
/// Clients and routes go through [proxies][TcpProxy], which keep their ports. Servers learn no
/// other address of a server, and clients none besides their URLs. Used by one thread at a time,
/// while clients run on others.
public final class NatsServers implements AutoCloseable {
  private static final Duration CLIENT_PATIENCE = Duration.ofSeconds(20);

  /// The first election of a cluster takes up to ten seconds; a busy machine needs more.
  private static final Duration READY = Duration.ofSeconds(40);

  private final NatsBinary binary;
  private final List<NatsNode> nodes = new ArrayList<>();

  /// The proxy from each node to each other: `routes[from][to]`.
  private final TcpProxy[][] routes;

  private final Set<Integer> cutOff = new HashSet<>();

  private NatsServers(NatsBinary binary, Path folder, int size, List<String> extra) {
    this.binary = binary;
    routes = new TcpProxy[size][size];
    for (int from = 0; from < size; from++) {
      for (int to = 0; to < size; to++) {
        routes[from][to] = TcpProxy.open("n" + from + "-n" + to);
      }
    }
    for (int i = 0; i < size; i++) {
      List<TcpProxy> leading = size == 1 ? List.of() : List.of(routes[i]);
      nodes.add(new NatsNode("n" + i, binary, folder.resolve("n" + i), leading, extra));
    }
  }

  /// Starts one server and waits until it is ready.
  ///
  /// @param folder for its configuration, log and store, in a folder named after the server
  public static NatsServers single(Path folder) {
    return single(folder, List.of());
  }

  /// As [#single(Path)], with more lines for its configuration, such as `max_payload: 4MB`.
  public static NatsServers single(Path folder, List<String> config) {
    return start(new NatsServers(NatsBinary.find(), folder.toAbsolutePath(), 1, config));
  }

  /// As [#single(Path)], with a newer version than Debian's, which stores batches atomically.
  public static NatsServers newerSingle(Path folder) {
    return start(new NatsServers(NatsBinary.newer(), folder.toAbsolutePath(), 1, List.of()));
  }

  /// Starts three servers and waits until they are ready.
  ///
  /// @param folder for their configurations, logs and stores, in folders named after the servers
  public static NatsServers cluster(Path folder) {
    return cluster(folder, List.of());
  }

  /// As [#cluster(Path)], with more lines for the configuration of each.
  public static NatsServers cluster(Path folder, List<String> config) {
    return start(new NatsServers(NatsBinary.find(), folder.toAbsolutePath(), 3, config));
  }

  /// As [#cluster(Path)], with a newer version than Debian's, which is safe for several replicas.
  public static NatsServers newerCluster(Path folder) {
    return start(new NatsServers(NatsBinary.newer(), folder.toAbsolutePath(), 3, List.of()));
  }

  private static NatsServers start(NatsServers servers) {
    try {
      // one after the other: a server that finds another at once does not retry a second later
      for (int i = 0; i < servers.size(); i++) {
        servers.start(i);
      }
      servers.awaitReady();
      return servers;
    } catch (Throwable e) {
      servers.close();
      throw e;
    }
  }

  /// Returns the URLs for clients, in the order of the nodes. Never changes.
  public List<String> urls() {
    return nodes.stream().map(node -> "nats://127.0.0.1:" + node.clients.port()).toList();
  }

  /// Returns the URL for clients of one node. Never changes.
  public String url(int node) {
    return urls().get(node);
  }

  /// Returns a client of one server that bypasses its proxy. It is patient enough for a busy
  /// machine.
  public Connection client(int server) throws IOException, InterruptedException {
    return Nats.connect(
        Options.builder().server(directUrl(server)).connectionTimeout(CLIENT_PATIENCE).build());
  }

  /// Returns the node's own address, without a proxy, for measurements. A restart keeps it, unless
  /// another process took the port meanwhile.
  public String directUrl(int node) {
    return "nats://127.0.0.1:" + nodes.get(node).clientPort();
  }

  public int size() {
    return nodes.size();
  }

  /// Returns the version of the servers, such as `2.9.10`.
  public String version() {
    return binary.version();
  }

  /// Kills a node (SIGKILL), even if it is paused.
  public void kill(int node) {
    nodes.get(node).running().kill();
  }

  /// Shuts a node down cleanly (SIGTERM) and waits for it.
  public void stop(int node) {
    nodes.get(node).running().stop();
  }

  /// Restarts a killed or stopped node on its ports and with its store. Returns when it answers;
  /// [#awaitReady] waits until it has rejoined the cluster.
  ///
  /// @throws IllegalStateException if it runs already or does not start, with the end of its log
  public void start(int node) {
    nodes.get(node).start();
    for (TcpProxy[] from : routes) {
      from[node].leadTo(nodes.get(node).clusterPort());
    }
  }

  /// Copies the store of a node, which must not run.
  public void backUp(int node, Path folder) {
    copy(nodes.get(node).store(), folder);
  }

  /// Replaces the store of a node, which must not run, by a copy of this folder.
  public void putBack(int node, Path folder) {
    Path store = nodes.get(node).store();
    try (Stream<Path> files = Files.walk(store)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    copy(folder, store);
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Pauses a node (SIGSTOP): its connections stay open, and nothing answers.
  public void pause(int node) {
    nodes.get(node).running().pause();
  }

  /// Resumes a paused node (SIGCONT).
  public void resume(int node) {
    nodes.get(node).running().resume();
  }

  /// Cuts a node off from the other nodes. It keeps running, and clients still reach it.
  public void cut(int node) {
    cutOff.add(node);
    for (int other = 0; other < size(); other++) {
      routes[node][other].cut();
      routes[other][node].cut();
    }
  }

  /// Ends [#cut]; other nodes that were cut off stay so.
  public void heal(int node) {
    cutOff.remove(node);
    for (int other = 0; other < size(); other++) {
      if (!cutOff.contains(other)) {
        routes[node][other].heal();
        routes[other][node].heal();
      }
    }
  }

  /// Cuts a node off from its clients: their connections stay open, new ones too, and nothing
  /// arrives. Those to [#directUrl] are not cut.
  public void cutClients(int node) {
    nodes.get(node).clients.cut();
  }

  /// Ends [#cutClients] and closes the connections that were held.
  public void healClients(int node) {
    nodes.get(node).clients.heal();
  }

  /// Waits until every node that runs, and is neither paused nor cut off, answers and knows the
  /// same leader of JetStream, and until that leader sees all of them up to date.
  ///
  /// @throws IllegalStateException if that takes more than 40 s, with the ends of the logs
  public void awaitReady() {
    try {
      await()
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(25))
          .atMost(READY)
          .until(this::isReady);
    } catch (ConditionTimeoutException e) {
      String tails = String.join("\n", nodes.stream().map(NatsNode::logTail).toList());
      throw new IllegalStateException("Not ready in " + READY + tails, e);
    }
  }

  /// Returns the leader of a stream: a node that claims it and that most of the replicas follow. -1
  /// if there is none right now, or no such stream.
  public int leaderOf(String stream) {
    List<Optional<JsonNode>> replicas = nodes.stream().map(node -> replica(node, stream)).toList();
    for (int i = 0; i < size(); i++) {
      String name = nodes.get(i).name();
      Optional<JsonNode> own = replicas.get(i).filter(replica -> leader(replica).equals(name));
      long followers =
          replicas.stream().flatMap(Optional::stream).filter(r -> leader(r).equals(name)).count();
      if (own.isPresent() && followers > replicaCount(own.get()) / 2) {
        return i;
      }
    }
    return -1;
  }

  /// Returns the last sequence of a node's replica of a stream; -1 if it has none or does not
  /// answer.
  public long lastSequence(int node, String stream) {
    return replica(nodes.get(node), stream)
        .map(replica -> replica.path("state").path("last_seq").asLong())
        .orElse(-1L);
  }

  /// Kills every node in any state, and closes every connection. The stores stay in the folder.
  @Override
  public void close() {
    for (NatsNode node : nodes) {
      node.close();
    }
    Stream.of(routes).flatMap(Stream::of).forEach(TcpProxy::close);
  }

  private boolean isReady() {
    List<NatsNode> reachable =
        nodes.stream()
            .filter(node -> node.isResponsive() && !cutOff.contains(nodes.indexOf(node)))
            .toList();
    return reachable.stream().allMatch(Monitoring::isHealthy)
        && (size() == 1 || haveLeader(reachable));
  }

  /// Returns whether these nodes agree on one of them as the leader, which lists the others.
  private boolean haveLeader(List<NatsNode> reachable) {
    Set<String> leaders = new HashSet<>();
    Set<String> current = new HashSet<>();
    for (NatsNode node : reachable) {
      Optional<JsonNode> group = Monitoring.metaGroup(node);
      if (group.isEmpty() || group.get().path("cluster_size").asInt() != size()) {
        return false;
      }
      leaders.add(group.get().path("leader").asString(""));
      elements(group.get().path("replicas"))
          .filter(replica -> replica.path("current").asBoolean())
          .forEach(replica -> current.add(replica.path("name").asString()));
    }
    List<String> names = reachable.stream().map(NatsNode::name).toList();
    current.addAll(leaders);
    return leaders.size() == 1 && names.containsAll(leaders) && current.containsAll(names);
  }

  private Optional<JsonNode> replica(NatsNode node, String stream) {
    return node.isResponsive() ? Monitoring.stream(node, stream) : Optional.empty();
  }

  private static String leader(JsonNode replica) {
    return replica.path("cluster").path("leader").asString("");
  }

  private static int replicaCount(JsonNode replica) {
    return replica.path("config").path("num_replicas").asInt(1);
  }
}
