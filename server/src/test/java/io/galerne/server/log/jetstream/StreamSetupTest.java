package io.galerne.server.log.jetstream;

import static io.galerne.server.log.Logs.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.server.log.LogOpenException;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.nats.NatsServers;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerLimits;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.PersistMode;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.Source;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.SubjectTransform;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What becomes of the streams when a log is opened, on one server.
@Timeout(60)
class StreamSetupTest {
  private static final StreamIdentity IDENTITY =
      new StreamIdentity("0b29d6b4-6c2e-4f6f-9a4c-4b1f3a0c9d11", 0);

  private static NatsServers nats;
  private static NatsServers withoutJetStream;
  private static Connection client;
  private static int logs;

  /// Opening waits for JetStream for a while: the other tests run meanwhile.
  private static CompletableFuture<Optional<RuntimeException>> openedWithoutJetStream;

  private final String name = "LOG" + ++logs;

  @BeforeAll
  static void startNats(@TempDir Path folder, @TempDir Path other) throws Exception {
    nats = NatsServers.single(folder);
    client = nats.client(0);
    withoutJetStream = NatsServers.single(other, List.of("jetstream: disabled"));
    String url = withoutJetStream.directUrl(0);
    openedWithoutJetStream =
        CompletableFuture.supplyAsync(() -> failure(JetStreamLogs.at(List.of(url))));
    await().pollInSameThread().until(() -> connections() > 0); // so that it is counted before
  }

  @AfterAll
  static void stopNats() throws Exception {
    client.close();
    nats.close();
    withoutJetStream.close();
  }

  private static Optional<RuntimeException> failure(JetStreamLogs log) {
    try {
      log.open().close();
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(e);
    }
  }

  private JetStreamLogs log() {
    return JetStreamLogs.at(List.of(nats.directUrl(0))).stream(name);
  }

  private StreamConfiguration configuration(String stream) throws Exception {
    return client.jetStreamManagement().getStreamInfo(stream).getConfiguration();
  }

  private StreamConfiguration.Builder fitting() {
    return StreamConfiguration.builder()
        .name(name)
        .description(IDENTITY.description())
        .subjects(name + ".event.>", name + ".fence")
        .storageType(StorageType.File)
        .discardPolicy(DiscardPolicy.New);
  }

  @Test
  void theFirstNodeMakesTheStreams() throws Exception {
    try (JetStreamEventLog log = log().open()) {
      StreamConfiguration events = configuration(name);
      assertThat(events.getSubjects()).containsExactly(name + ".event.>", name + ".fence");
      assertThat(StreamIdentity.read(events.getDescription()))
          .contains(new StreamIdentity(log.id(), 0));
      StreamConfiguration index = configuration(name + "_INDEX");
      assertThat(index.getSubjects()).containsExactly(name + "_INDEX.>");
      for (StreamConfiguration each : List.of(events, index)) {
        assertThat(each.getStorageType()).isEqualTo(StorageType.File);
        assertThat(each.getRetentionPolicy()).isEqualTo(RetentionPolicy.Limits);
        assertThat(each.getDiscardPolicy()).isEqualTo(DiscardPolicy.New);
        assertThat(each.getReplicas()).isEqualTo(1);
        assertThat(each.getMaxAge()).isZero();
        assertThat(each.getMaxMsgs()).isEqualTo(-1);
        assertThat(each.getMaxBytes()).isEqualTo(-1);
        assertThat(each.getMaxMsgsPerSubject()).isEqualTo(-1);
        assertThat(each.getMaximumMessageSize()).isEqualTo(-1);
        assertThat(each.getDenyDelete()).isFalse();
        assertThat(each.getDenyPurge()).isFalse();
      }
    }
  }

  @Test
  void theNextNodeTakesTheStreamsAsTheyAre() throws Exception {
    String id;
    try (JetStreamEventLog log = log().open()) {
      id = log.id();
    }
    StreamConfiguration before = configuration(name);
    try (JetStreamEventLog log = log().replicas(1).open()) {
      assertThat(log.id()).isEqualTo(id);
    }
    assertThat(configuration(name).toJson()).isEqualTo(before.toJson());
  }

  @Test
  void nodesThatOpenAtTheSameTimeOpenTheSameLog() throws Exception {
    List<CompletableFuture<JetStreamEventLog>> opening = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      opening.add(
          CompletableFuture.supplyAsync(() -> log().open(), task -> new Thread(task).start()));
    }
    List<JetStreamEventLog> nodes = new ArrayList<>();
    for (CompletableFuture<JetStreamEventLog> each : opening) {
      nodes.add(each.get(30, TimeUnit.SECONDS));
    }
    assertThat(nodes.stream().map(JetStreamEventLog::id).distinct()).hasSize(1);
    long sequence = 1;
    for (JetStreamEventLog node : nodes) {
      assertThat(append(node, SampleEvent.any().record())).containsExactly(sequence++);
    }
    nodes.forEach(JetStreamEventLog::close);
  }

  private static Arguments unfit(
      String what,
      UnaryOperator<StreamConfiguration.Builder> change,
      String problem,
      String remedy) {
    return Arguments.of(what, change, problem, remedy);
  }

  private static Stream<Arguments> unfit() {
    return Stream.of(
        unfit(
            "takes other subjects",
            it -> it.subjects("orders.of.the.shop"),
            "takes the subjects [orders.of.the.shop]",
            "--stream"),
        unfit(
            "takes more subjects",
            it -> it.addSubjects("more.>"),
            "takes the subjects [LOG",
            "--stream"),
        unfit(
            "is in memory",
            it -> it.storageType(StorageType.Memory),
            "kept in memory",
            "delete it and let Galerne make it"),
        unfit(
            "is a work queue",
            it -> it.retentionPolicy(RetentionPolicy.WorkQueue),
            "forgets messages that were read",
            "delete it and let Galerne make it"),
        unfit(
            "is kept by interest",
            it -> it.retentionPolicy(RetentionPolicy.Interest),
            "forgets messages that were read",
            "delete it and let Galerne make it"),
        unfit("forgets by age", it -> it.maxAge(Duration.ofDays(1)), FORGETS, EDIT),
        unfit("forgets by number", it -> it.maxMessages(1_000), FORGETS, EDIT),
        unfit("forgets by subject", it -> it.maxMessagesPerSubject(1_000), FORGETS, EDIT),
        unfit(
            "forgets by size",
            it -> it.maxBytes(1 << 20).discardPolicy(DiscardPolicy.Old),
            FORGETS,
            EDIT),
        unfit(
            "denies deleting",
            it -> it.denyDelete(true),
            "does not let messages be deleted",
            "delete it"),
        unfit(
            "denies purging",
            it -> it.denyPurge(true),
            "does not let messages be deleted",
            "delete it"),
        unfit(
            "takes small messages only",
            it -> it.maximumMessageSize(1_000),
            "takes messages of 1000 bytes at the most",
            "--max-msg-size=-1"),
        unfit(
            "limits its readers",
            it -> it.maxConsumers(10),
            "allows 10 consumers at the most",
            "delete it and let Galerne make it"),
        unfit(
            "copies another stream",
            it -> it.addSource(Source.builder().name("SHOP").build()),
            "takes messages of other streams",
            "delete it and let Galerne make it"),
        unfit(
            "does not answer",
            it -> it.noAck(true),
            "does not answer publishers",
            "delete it and let Galerne make it"),
        unfit(
            "is somebody else's",
            it -> it.description("orders of the shop"),
            "was not made by Galerne",
            "--stream"),
        unfit(
            "is of a later format",
            it -> it.description(IDENTITY.description().replace("format 1", "format 2")),
            "was not made by Galerne",
            "--stream"));
  }

  private static final String FORGETS = "forgets messages by itself";
  private static final String EDIT = "nats stream edit LOG";

  @ParameterizedTest(name = "{0}")
  @MethodSource("unfit")
  void aStreamThatDoesNotFitIsNamedWithWhatToDo(
      String what, UnaryOperator<StreamConfiguration.Builder> change, String problem, String remedy)
      throws Exception {
    client.jetStreamManagement().addStream(change.apply(fitting()).build());
    int connections = connections();
    assertThatThrownBy(() -> log().open())
        .as(what)
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining("The NATS stream " + name)
        .hasMessageContaining(problem)
        .hasMessageContaining(remedy);
    assertNothingIsLeft(connections);
  }

  @Test
  void whatOnlyNewerServersHaveIsNamedToo(@TempDir Path folder) throws Exception {
    try (NatsServers newer = NatsServers.newerSingle(folder);
        Connection connection = newer.client(0)) {
      JetStreamManagement streams = connection.jetStreamManagement();
      assertRefused(
          streams,
          newer,
          it -> it.subjectTransform(new SubjectTransform("a.>", "b.>")),
          "renames their subjects");
      ConsumerLimits shortly =
          ConsumerLimits.builder().inactiveThreshold(Duration.ofSeconds(5)).build();
      assertRefused(
          streams,
          newer,
          it -> it.consumerLimits(shortly),
          "keeps consumers for 5 s at the most, and readers need theirs for 30 s");
      assertRefused(
          streams, newer, it -> it.persistMode(PersistMode.Async), "before it has stored");
      assertRefused(
          streams,
          newer,
          it -> it.allowMessageCounter(true).discardPolicy(DiscardPolicy.Old),
          "keeps counters");
    }
  }

  private void assertRefused(
      JetStreamManagement streams,
      NatsServers servers,
      UnaryOperator<StreamConfiguration.Builder> change,
      String problem)
      throws Exception {
    streams.addStream(change.apply(fitting()).build());
    assertThatThrownBy(() -> JetStreamLogs.at(servers.urls()).stream(name).open())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining("The NATS stream " + name)
        .hasMessageContaining(problem);
    streams.deleteStream(name);
  }

  @Test
  void aStreamThatIsSealedIsNamed() throws Exception {
    client.jetStreamManagement().addStream(fitting().build());
    client.jetStreamManagement().updateStream(fitting().seal().build());
    assertThatThrownBy(() -> log().open())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining("The NATS stream " + name + " is sealed");
  }

  @Test
  void aStreamThatTakesTheSameSubjectsIsToldAtOnce() throws Exception {
    StreamConfiguration other =
        StreamConfiguration.builder().name("OTHER" + name).subjects(name + ".>").build();
    client.jetStreamManagement().addStream(other);
    long began = System.nanoTime();
    assertThatThrownBy(() -> log().open())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining("another stream takes some of its subjects")
        .hasMessageContaining("--stream");
    assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(10));
  }

  @Test
  void anIndexThatDoesNotFitIsNamedToo() throws Exception {
    client
        .jetStreamManagement()
        .addStream(
            StreamConfiguration.builder()
                .name(name + "_INDEX")
                .subjects(name + "_INDEX.>")
                .storageType(StorageType.Memory)
                .build());
    int connections = connections();
    assertThatThrownBy(() -> log().open())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining("The NATS stream " + name + "_INDEX is kept in memory");
    assertNothingIsLeft(connections);
  }

  @Test
  void anotherNumberOfReplicasThanAskedForIsNamed() throws Exception {
    log().open().close();
    int connections = connections();
    assertThatThrownBy(() -> log().replicas(3).open())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining("The NATS stream " + name + " has 1 replicas")
        .hasMessageContaining("--replicas asks for 3")
        .hasMessageContaining("nats stream edit " + name + " --replicas=3");
    assertNothingIsLeft(connections);
  }

  @Test
  void replicasThatOneServerCannotKeepAreRefused() throws Exception {
    int connections = connections();
    assertThatThrownBy(() -> log().replicas(3).open())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining("is one server by itself and cannot keep 3 replicas")
        .hasMessageContaining("--replicas");
    assertNothingIsLeft(connections);
    assertThat(client.jetStreamManagement().getStreamNames()).doesNotContain(name);
  }

  @Test
  void whatOperatorsMaySetIsTaken() throws Exception {
    client
        .jetStreamManagement()
        .addStream(
            fitting()
                .maxBytes(100 << 20)
                .duplicateWindow(Duration.ofMinutes(1))
                .allowDirect(true)
                .allowRollup(true)
                .build());
    StreamConfiguration before = configuration(name);
    try (JetStreamEventLog log = log().open()) {
      assertThat(log.id()).isEqualTo(IDENTITY.logId());
      append(log, SampleEvent.any().record());
    }
    assertThat(configuration(name).toJson()).isEqualTo(before.toJson());
  }

  @Test
  void whatOperatorsMayChangeLaterIsTakenAndSurvivesARestore() throws Exception {
    String id;
    try (JetStreamEventLog log = log().open()) {
      id = log.id();
      append(log, SampleEvent.any().record());
    }
    client
        .jetStreamManagement()
        .updateStream(StreamConfiguration.builder(configuration(name)).maxBytes(100 << 20).build());
    try (JetStreamEventLog log = log().open()) {
      assertThat(log.id()).isEqualTo(id);
    }
    try (JetStreamEventLog log = log().openRestored()) {
      assertThat(log.id()).isNotEqualTo(id);
      assertThat(configuration(name).getMaxBytes()).isEqualTo(100 << 20);
    }
  }

  @Test
  void aServerWithoutJetStreamIsNamedWithWhatToDo() throws Exception {
    Optional<RuntimeException> failure = openedWithoutJetStream.get(40, TimeUnit.SECONDS);
    assertThat(failure).isPresent();
    assertThat(failure.get())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining("GALERNE")
        .hasMessageContaining(withoutJetStream.directUrl(0))
        .hasMessageContaining("is JetStream on");
  }

  @Test
  void anAddressAtWhichNobodyListensIsNamed() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    String url = "nats://127.0.0.1:" + port;
    assertThatThrownBy(() -> JetStreamLogs.at(List.of(url)).open())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining("Cannot connect to NATS at " + url)
        .hasMessageContaining("are the servers running");
    assertNothingIsLeft(connections());
  }

  private static int connections() {
    return (int) galerneThreads().stream().filter(thread -> !thread.startsWith("galerne-")).count();
  }

  /// The log's own threads, and those of its connections, which say so in their names.
  private static Collection<String> galerneThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(thread -> thread.startsWith("galerne"))
        .toList();
  }

  private static void assertNothingIsLeft(int connections) {
    await()
        .pollInSameThread()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> {
          assertThat(galerneThreads()).filteredOn(it -> it.startsWith("galerne-")).isEmpty();
          assertThat(connections()).isLessThanOrEqualTo(connections);
        });
  }
}
