package io.galerne.jetstream.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Checks what tests of NATS rely on: servers fail and restart on demand.
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NatsServersTest {
  /// An election takes up to ten seconds.
  private static final Duration ELECTION = Duration.ofSeconds(40);

  /// How long to wait for an event that must not occur.
  private static final Duration SOON = Duration.ofMillis(500);

  /// How long to wait for an event that must occur, on a busy machine.
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final int LAST = Integer.MAX_VALUE;
  private static final int LAST_BUT_ONE = LAST - 1;

  private static final String EVENTS = "events";

  /// Two clusters that have lost the leader of a stream. Elections take longest, so both run during
  /// the other tests, and the tests that wait for them come last.
  private static NatsServers killed;

  private static NatsServers cut;
  private static int killedLeader;
  private static int cutLeader;

  @BeforeAll
  static void loseLeaders(@TempDir Path one, @TempDir Path two) throws Exception {
    killed = NatsServers.cluster(one);
    cut = NatsServers.cluster(two);
    killedLeader = leaderOfOneEvent(killed);
    cutLeader = leaderOfOneEvent(cut);
    killed.kill(killedLeader);
    cut.cut(cutLeader);
  }

  @AfterAll
  static void close() {
    Stream.of(killed, cut).filter(Objects::nonNull).forEach(NatsServers::close);
  }

  private static int leaderOfOneEvent(NatsServers cluster) throws Exception {
    try (Connection client = connect(cluster.urls())) {
      addStream(client, 3);
      publish(client);
    }
    awaitSameEverywhere(cluster, 1);
    return awaitLeader(cluster);
  }

  private static Connection connect(List<String> urls) throws Exception {
    return connect(urls, PATIENCE);
  }

  /// Jnats waits that long even if the server has refused the user.
  private static Connection connect(List<String> urls, Duration timeout) throws Exception {
    Options options =
        Options.builder()
            .servers(urls.toArray(String[]::new))
            .maxReconnects(-1)
            .reconnectWait(Duration.ofMillis(50))
            .connectionTimeout(timeout)
            .errorListener(new Silent())
            .build();
    return Nats.connect(options);
  }

  /// Otherwise, Jnats prints each failed attempt to connect on the console.
  private static final class Silent implements ErrorListener {}

  private static void addStream(Connection client, int replicas) throws Exception {
    client
        .jetStreamManagement()
        .addStream(
            StreamConfiguration.builder()
                .name(EVENTS)
                .subjects(EVENTS)
                .storageType(StorageType.File)
                .replicas(replicas)
                .build());
  }

  private static long publish(Connection client) throws Exception {
    return publish(client, PATIENCE);
  }

  private static long publish(Connection client, Duration timeout) throws Exception {
    JetStreamOptions options = JetStreamOptions.builder().requestTimeout(timeout).build();
    return client.jetStream(options).publish(EVENTS, "event".getBytes(UTF_8)).getSeqno();
  }

  private static boolean publishes(Connection client) throws Exception {
    try {
      publish(client, SOON);
      return true;
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      return false;
    }
  }

  private static int awaitLeader(NatsServers cluster) {
    return await().atMost(ELECTION).until(() -> cluster.leaderOf(EVENTS), leader -> leader >= 0);
  }

  private static void awaitSameEverywhere(NatsServers cluster, long sequence) {
    await()
        .atMost(ELECTION)
        .untilAsserted(() -> {
          for (int i = 0; i < cluster.size(); i++) {
            assertThat(cluster.lastSequence(i, EVENTS)).as("n" + i).isEqualTo(sequence);
          }
        });
  }

  private static Set<String> proxyThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("nats-proxy"))
        .collect(Collectors.toSet());
  }

  @Test
  void aStreamSurvivesAKillOfItsOnlyServer(@TempDir Path folder) throws Exception {
    try (NatsServers server = NatsServers.single(folder);
        Connection client = connect(server.urls())) {
      addStream(client, 1);
      assertThat(publish(client)).isEqualTo(1);
      String direct = server.directUrl(0);

      server.kill(0);
      assertThat(server.leaderOf(EVENTS)).isEqualTo(-1);
      server.start(0);

      assertThat(server.directUrl(0)).isEqualTo(direct);
      assertThat(server.leaderOf(EVENTS)).isZero();
      await().atMost(ELECTION).until(() -> publishes(client));
      assertThat(server.lastSequence(0, EVENTS)).isEqualTo(2);
    }
  }

  @Test
  void aServerWhosePortWasTakenKeepsItsUrl(@TempDir Path folder) throws Exception {
    try (NatsServers server = NatsServers.single(folder);
        Connection client = connect(server.urls())) {
      String direct = server.directUrl(0);
      server.kill(0);
      try (ServerSocket taken = new ServerSocket()) {
        taken.setReuseAddress(true);
        taken.bind(new InetSocketAddress("127.0.0.1", URI.create(direct).getPort()));
        server.start(0);
      }
      assertThat(server.directUrl(0)).isNotEqualTo(direct);
      await().atMost(ELECTION).until(() -> client.getStatus() == Connection.Status.CONNECTED);
    }
  }

  @Test
  void clientsThatAreCutOffReceiveNothingUntilHealed(@TempDir Path folder) throws Exception {
    try (NatsServers server = NatsServers.single(folder);
        Connection client = connect(server.urls());
        Connection direct = connect(List.of(server.directUrl(0)))) {
      addStream(client, 1);

      server.cutClients(0);
      assertThatThrownBy(() -> client.flush(SOON)).isInstanceOf(TimeoutException.class);
      assertThatThrownBy(() -> connect(server.urls(), SOON)).isInstanceOf(IOException.class);
      assertThat(publish(direct)).isEqualTo(1);

      server.healClients(0);
      await().atMost(ELECTION).until(() -> publishes(client));
    }
  }

  @Test
  void acceptsMoreConfiguration(@TempDir Path folder) throws Exception {
    List<String> config =
        List.of("authorization { user: alice, password: secret }", "max_payload: 2MB");
    try (NatsServers server = NatsServers.single(folder, config)) {
      assertThatThrownBy(() -> connect(server.urls(), Duration.ofSeconds(4)))
          .isInstanceOf(AuthenticationException.class);
      String named = server.url(0).replace("//", "//alice:secret@");
      try (Connection client = connect(List.of(named))) {
        assertThat(client.getServerInfo().getMaxPayload()).isEqualTo(2 << 20);
        assertThat(client.getServerInfo().getVersion()).isEqualTo(server.version());
      }
    }
  }

  @Test
  void aServerThatDoesNotStartReportsWhy(@TempDir Path folder) {
    Set<String> threads = proxyThreads();
    assertThatThrownBy(() -> NatsServers.single(folder, List.of("max_payload: many")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("n0 did not start")
        .hasMessageContaining("nats.conf:6:1");
    assertThat(proxyThreads()).isSubsetOf(threads);
  }

  @Test
  @Order(LAST_BUT_ONE)
  void publishingContinuesAfterTheLeaderIsKilled() throws Exception {
    try (Connection client = connect(killed.urls())) {
      await().atMost(ELECTION).until(() -> publishes(client));
      assertThat(awaitLeader(killed)).isNotEqualTo(killedLeader);
      assertThat(killed.lastSequence(killedLeader, EVENTS)).isEqualTo(-1);

      killed.start(killedLeader);
      awaitSameEverywhere(killed, publish(client));
      killed.awaitReady();
    }
  }

  @Test
  @Order(LAST)
  void aLeaderThatIsCutOffIsReplacedAndCatchesUp() throws Exception {
    List<String> others = new ArrayList<>(cut.urls());
    others.remove(cutLeader);
    try (Connection there = connect(List.of(cut.url(cutLeader)));
        Connection client = connect(others)) {
      await().atMost(ELECTION).until(() -> publishes(client));
      assertThat(awaitLeader(cut)).isNotEqualTo(cutLeader);
      assertThat(cut.lastSequence(cutLeader, EVENTS)).isEqualTo(1);
      there.flush(Duration.ofSeconds(5));

      cut.heal(cutLeader);
      awaitSameEverywhere(cut, publish(client));
      cut.awaitReady();
    }
  }

  @Test
  void aPausedNodeRecovers(@TempDir Path folder) throws Exception {
    try (NatsServers cluster = NatsServers.cluster(folder);
        Connection client = connect(cluster.urls())) {
      addStream(client, 3);
      int follower = (awaitLeader(cluster) + 1) % 3;

      cluster.pause(follower);
      assertThat(cluster.lastSequence(follower, EVENTS)).isEqualTo(-1);
      try (Connection others = connect(List.of(cluster.url((follower + 1) % 3)))) {
        publish(others);
      }
      cluster.resume(follower);

      try (Connection there = connect(List.of(cluster.url(follower)))) {
        awaitSameEverywhere(cluster, publish(there));
      }
    }
  }

  @Test
  void closeLeavesNoProcessAndNoThread(@TempDir Path folder) throws Exception {
    Set<String> threads = proxyThreads();
    Set<ProcessHandle> processes =
        ProcessHandle.current().descendants().collect(Collectors.toSet());
    NatsServers servers = NatsServers.cluster(folder);
    try (Connection client = connect(servers.urls())) {
      servers.stop(0);
      servers.pause(1);
      servers.cutClients(2);
      servers.close();
    }
    assertThat(proxyThreads()).isSubsetOf(threads);
    assertThat(ProcessHandle.current().descendants()).isSubsetOf(processes);
  }
}
