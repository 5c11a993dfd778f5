package io.galerne.jetstream;

import static io.galerne.server.log.Logs.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.jetstream.nats.NatsServers;
import io.galerne.server.log.LogOpenException;
import io.galerne.server.log.SampleEvent;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.CompressionOption;
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

/// Creation and checks of the stream when a log is opened, on one server.
@Timeout(60)
class StreamSetupTest {
  private static final StreamIdentity IDENTITY =
      new StreamIdentity("0b29d6b4-6c2e-4f6f-9a4c-4b1f3a0c9d11", 0, Optional.empty());

  private static NatsServers nats;
  private static NatsServers withoutJetStream;
  private static Connection client;
  private static int logs;

  /// Opening waits for JetStream for a while, during which other tests run.
  private static CompletableFuture<Optional<RuntimeException>> openedWithoutJetStream;

  @TempDir static Path views;

  private final String name = "LOG" + ++logs;

  @BeforeAll
  static void startNats(@TempDir Path folder, @TempDir Path other) throws Exception {
    nats = NatsServers.single(folder);
    client = nats.client(0);
    withoutJetStream = NatsServers.single(other, List.of("jetstream: disabled"));
    String url = withoutJetStream.directUrl(0);
    openedWithoutJetStream =
        CompletableFuture.supplyAsync(() -> failure(JetStreamLogs.at(List.of(url), views)));
    await().pollInSameThread().until(() -> connections() > 0); // counts it before the other tests
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
    return JetStreamLogs.at(List.of(nats.directUrl(0)), views).stream(name);
  }

  private StreamConfiguration configuration(String stream) throws Exception {
    return client.jetStreamManagement().getStreamInfo(stream).getConfiguration();
  }

  private StreamConfiguration.Builder fitting() {
    return StreamConfiguration.builder()
        .name(name)
        .description(IDENTITY.description())
        .subjects(name + ".log")
        .storageType(StorageType.File)
        .discardPolicy(DiscardPolicy.New);
  }

  @Test
  void theFirstNodeCreatesTheStream() throws Exception {
    try (JetStreamEventLog log = log().open()) {
      StreamConfiguration made = configuration(name);
      assertThat(made.getSubjects()).containsExactly(name + ".log");
      assertThat(StreamIdentity.read(made.getDescription()))
          .contains(new StreamIdentity(log.id(), 0, Optional.empty()));
      assertThat(made.getStorageType()).isEqualTo(StorageType.File);
      assertThat(made.getRetentionPolicy()).isEqualTo(RetentionPolicy.Limits);
      assertThat(made.getDiscardPolicy()).isEqualTo(DiscardPolicy.New);
      assertThat(made.getReplicas()).isEqualTo(1);
      assertThat(made.getMaxAge()).isZero();
      assertThat(made.getMaxMsgs()).isEqualTo(-1);
      assertThat(made.getMaxBytes()).isEqualTo(-1);
      assertThat(made.getMaxMsgsPerSubject()).isEqualTo(-1);
      assertThat(made.getMaximumMessageSize()).isEqualTo(-1);
      assertThat(made.getDenyPurge()).isFalse();
    }
  }

  @Test
  void theNextNodeUsesTheExistingStream() throws Exception {
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
            "`stream`"),
        unfit(
            "takes more subjects",
            it -> it.addSubjects("more.>"),
            "takes the subjects [LOG",
            "`stream`"),
        unfit(
            "is in memory",
            it -> it.storageType(StorageType.Memory),
            "kept in memory",
            "delete it and let Galerne create it"),
        unfit(
            "is a work queue",
            it -> it.retentionPolicy(RetentionPolicy.WorkQueue),
            "forgets messages that were read",
            "delete it and let Galerne create it"),
        unfit(
            "is kept by interest",
            it -> it.retentionPolicy(RetentionPolicy.Interest),
            "forgets messages that were read",
            "delete it and let Galerne create it"),
        unfit("forgets by age", it -> it.maxAge(Duration.ofDays(1)), FORGETS, EDIT),
        unfit("forgets by number", it -> it.maxMessages(1_000), FORGETS, EDIT),
        unfit("forgets by subject", it -> it.maxMessagesPerSubject(1_000), FORGETS, EDIT),
        unfit(
            "forgets by size",
            it -> it.maxBytes(1 << 20).discardPolicy(DiscardPolicy.Old),
            FORGETS,
            EDIT),
        unfit(
            "denies purging",
            it -> it.denyPurge(true),
            "does not let messages be deleted",
            "delete it"),
        unfit(
            "takes small messages only",
            it -> it.maximumMessageSize(1_000),
            "takes messages of 1000 bytes at most",
            "--max-msg-size=-1"),
        unfit(
            "copies another stream",
            it -> it.addSource(Source.builder().name("SHOP").build()),
            "takes messages of other streams",
            "delete it and let Galerne create it"),
        unfit(
            "does not answer",
            it -> it.noAck(true),
            "does not answer publishers",
            "delete it and let Galerne create it"),
        unfit(
            "is somebody else's",
            it -> it.description("orders of the shop"),
            "was not created by Galerne",
            "`stream`"),
        unfit(
            "is of a later format",
            it -> it.description(IDENTITY.description().replace("format 2", "format 3")),
            "has format 3, which this version of Galerne does not read",
            "`stream`"),
        unfit(
            "is of the format that was never released",
            it ->
                it.description(
                        "Galerne event log, format 1, id %s, offset 0".formatted(IDENTITY.logId()))
                    .subjects("OLD.event.>", "OLD.fence"),
            "has format 1, which this version of Galerne does not read (format 1 was never released)",
            "`stream`"));
  }

  private static final String FORGETS = "deletes messages on its own";
  private static final String EDIT = "nats stream edit LOG";

  @ParameterizedTest(name = "{0}")
  @MethodSource("unfit")
  void aStreamThatDoesNotFitIsReportedWithTheRemedy(
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
  void settingsOfNewerServersAreReportedToo(@TempDir Path folder) throws Exception {
    try (NatsServers newer = NatsServers.newerSingle(folder);
        Connection connection = newer.client(0)) {
      JetStreamManagement streams = connection.jetStreamManagement();
      assertRefused(
          streams,
          newer,
          it -> it.subjectTransform(new SubjectTransform("a.>", "b.>")),
          "renames their subjects");
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
    assertThatThrownBy(() -> JetStreamLogs.at(servers.urls(), views).stream(name).open())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining("The NATS stream " + name)
        .hasMessageContaining(problem);
    streams.deleteStream(name);
  }

  @Test
  void aSealedStreamIsReported() throws Exception {
    client.jetStreamManagement().addStream(fitting().build());
    client.jetStreamManagement().updateStream(fitting().seal().build());
    assertThatThrownBy(() -> log().open())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining("The NATS stream " + name + " is sealed");
  }

  @Test
  void aStreamWithTheSameSubjectsIsReportedAtOnce() throws Exception {
    StreamConfiguration other =
        StreamConfiguration.builder().name("OTHER" + name).subjects(name + ".>").build();
    client.jetStreamManagement().addStream(other);
    long began = System.nanoTime();
    assertThatThrownBy(() -> log().open())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining("another stream takes its subject, " + name + ".log")
        .hasMessageContaining("`stream`");
    assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(10));
  }

  @Test
  void aDifferentNumberOfReplicasIsReported() throws Exception {
    log().open().close();
    int connections = connections();
    assertThatThrownBy(() -> log().replicas(3).open())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining("The NATS stream " + name + " has 1 replicas")
        .hasMessageContaining("the setting `replicas` asks for 3")
        .hasMessageContaining("nats stream edit " + name + " --replicas=3");
    assertNothingIsLeft(connections);
  }

  @Test
  void aStreamMayBeCompressed(@TempDir Path folder) throws Exception {
    try (NatsServers newer = NatsServers.newerSingle(folder);
        Connection connection = newer.client(0)) {
      connection
          .jetStreamManagement()
          .addStream(fitting().compressionOption(CompressionOption.S2).build());
      try (JetStreamEventLog log = JetStreamLogs.at(newer.urls(), views).stream(name).open()) {
        append(log, SampleEvent.any().record());
      }
    }
  }

  @Test
  void refusesReplicasOnASingleServer() throws Exception {
    int connections = connections();
    assertThatThrownBy(() -> log().replicas(3).open())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining("is a single server and cannot keep 3 replicas")
        .hasMessageContaining("`replicas`");
    assertNothingIsLeft(connections);
    assertThat(client.jetStreamManagement().getStreamNames()).doesNotContain(name);
  }

  @Test
  void acceptsSettingsOfOperators() throws Exception {
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
  void acceptsLaterSettingsWhichSurviveARestore() throws Exception {
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
  void aServerWithoutJetStreamIsReportedWithTheRemedy() throws Exception {
    Optional<RuntimeException> failure = openedWithoutJetStream.get(40, TimeUnit.SECONDS);
    assertThat(failure).isPresent();
    assertThat(failure.get())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining(withoutJetStream.directUrl(0))
        .hasMessageContaining("is JetStream on");
  }

  @Test
  void anAddressWithoutAListenerIsReported() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    String url = "nats://127.0.0.1:" + port;
    assertThatThrownBy(() -> JetStreamLogs.at(List.of(url), views).open())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining("Cannot connect to NATS at " + url)
        .hasMessageContaining("are the servers running");
    assertNothingIsLeft(connections());
  }

  private static int connections() {
    return (int) galerneThreads().stream().filter(thread -> !thread.startsWith("galerne-")).count();
  }

  /// Returns the log's threads and those of its connections, by their names.
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
