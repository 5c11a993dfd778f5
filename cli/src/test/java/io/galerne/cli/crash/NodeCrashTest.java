package io.galerne.cli.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.ResumingReader;
import io.galerne.server.ResumingReader.Seen;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.Seed;
import io.galerne.server.nats.NatsServers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes on one log, of which one is killed again and again, under load: publishers and readers
/// go on with the other. `-Dgalerne.node-crashes` says how often.
@Timeout(1800)
class NodeCrashTest {
  private static final int CRASHES = Integer.getInteger("galerne.node-crashes", 3);
  private static final int NODES = 2;
  private static final int PUBLISHERS = 2;
  private static final int READERS_OF_EACH = 2;
  private static final int MOST_ANSWERS_BETWEEN = 400;
  private static final int MOST_UNTIL_CUT = 300;

  /// A batch of a node that was killed is in the way of the other for a moment.
  private static final int SOME_ANSWERS = 50;

  private static final List<String> TARGETS =
      List.of(
          RunningServer.STREAM,
          RunningServer.STREAM + "?workflow_exec_id=run-1",
          RunningServer.STREAM + "?scope=activity&root_workflow_exec_id=run-2");

  @TempDir Path folder;

  private final Ledger ledger = new Ledger();
  private final AtomicReferenceArray<URI> addresses = new AtomicReferenceArray<>(NODES);
  private final List<ServerProcess> nodes = new ArrayList<>();
  private final List<RetryingPublisher> publishers = new ArrayList<>();
  private final List<ResumingReader> readers = new ArrayList<>();
  private NatsServers nats;

  @BeforeEach
  void startNats() {
    nats = NatsServers.single(folder.resolve("nats"));
  }

  @AfterEach
  void endEverything() throws Exception {
    for (RetryingPublisher publisher : publishers) {
      publisher.close();
    }
    for (ResumingReader reader : readers) {
      reader.close();
    }
    for (ServerProcess node : nodes) {
      node.kill();
    }
    nats.close();
  }

  @Test
  void noAnsweredEventIsLostNoneIsThereTwiceWhicheverNodeDies() throws Exception {
    Random random = Seed.random("node crashes");
    for (int node = 0; node < NODES; node++) {
      nodes.add(start());
      awaitListening(node);
    }
    for (int i = 0; i < PUBLISHERS; i++) {
      Random own = new Random(random.nextLong());
      Supplier<URI> anyNode = anyNode(random);
      publishers.add(RetryingPublisher.start("p" + i, anyNode, ledger, own));
    }
    for (int i = 0; i < READERS_OF_EACH * TARGETS.size(); i++) {
      Random own = new Random(random.nextLong());
      String target = TARGETS.get(i % TARGETS.size());
      readers.add(
          ResumingReader.start(anyNode(random), target, () -> 1 + own.nextInt(MOST_UNTIL_CUT)));
    }
    for (int crash = 0; crash < CRASHES; crash++) {
      ledger.awaitAnswers(ledger.answers() + random.nextInt(MOST_ANSWERS_BETWEEN));
      LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(5)));
      int victim = random.nextInt(NODES);
      nodes.get(victim).kill();
      ledger.awaitAnswers(ledger.answers() + SOME_ANSWERS);
      noteWhatReadersSaw();
      long highest = ledger.highest();
      nodes.set(victim, start());
      awaitListening(victim);
      assertThat(publishMarker(victim, "marker-" + crash, "run-1")).isGreaterThan(highest);
    }
    for (RetryingPublisher publisher : publishers) {
      publisher.close();
    }
    checkEverything();
  }

  private ServerProcess start() {
    return ServerProcess.start(
        folder.resolve("log.txt"), "--log", String.join(",", nats.urls()), "--replicas", "1");
  }

  private void awaitListening(int node) {
    addresses.set(node, nodes.get(node).awaitListening().orElseThrow());
  }

  /// Any node, also one that is dead.
  private Supplier<URI> anyNode(Random seeds) {
    Random random = new Random(seeds.nextLong());
    return () -> addresses.get(random.nextInt(NODES));
  }

  private void noteWhatReadersSaw() {
    for (int i = 0; i < readers.size(); i++) {
      for (Seen seen : readers.get(i).seen()) {
        ledger.told("reader " + i, seen.eventId(), seen.sequence());
      }
    }
  }

  /// Publishes one event and returns its sequence.
  private long publishMarker(int node, String id, String execution) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      String body = SampleEvents.streamEvent(SampleEvents.event(id, execution));
      HttpRequest request =
          HttpRequest.newBuilder(addresses.get(node).resolve(RunningServer.STREAM_EVENT))
              .POST(BodyPublishers.ofString(body))
              .build();
      String answer = client.send(request, BodyHandlers.ofString()).body();
      long sequence = Long.parseLong(answer.replaceAll("\\D", ""));
      ledger.told("the test", id, sequence);
      ledger.answered(id);
      return sequence;
    }
  }

  private void checkEverything() throws Exception {
    long last1 = publishMarker(0, "last-1", "run-1");
    long last2 = publishMarker(1, "last-2", "run-2");
    for (int target = 0; target < TARGETS.size(); target++) {
      long last = target == 1 ? last1 : last2;
      List<Seen> stored = stored(0, target, last);
      assertThat(stored(1, target, last)).isEqualTo(stored);
      if (target == 0) {
        checkStored(stored);
      }
      for (int i = target; i < readers.size(); i += TARGETS.size()) {
        readers.get(i).awaitSequence(last);
        assertThat(readers.get(i).connections()).isGreaterThan(CRASHES);
        assertThat(readers.get(i).seen()).as(TARGETS.get(target)).isEqualTo(stored);
      }
    }
    noteWhatReadersSaw();
    assertThat(ledger.faults()).isEmpty();
    for (ServerProcess node : nodes) {
      assertThat(node.stop()).isZero();
      assertThat(node.logged()).doesNotContain(" ERROR ");
    }
    System.out.println(CRASHES + " crashes, " + ledger.answers() + " answered events");
  }

  private void checkStored(List<Seen> stored) {
    assertThat(stored.stream().map(Seen::sequence).toList()).isSorted().doesNotHaveDuplicates();
    Set<String> ids = new HashSet<>();
    for (Seen one : stored) {
      assertThat(ids.add(one.eventId())).as("%s is stored once", one).isTrue();
      ledger.told("the log", one.eventId(), one.sequence());
    }
    assertThat(ids).containsAll(ledger.allAnswered());
  }

  /// Reads from the beginning what a node says is stored up to that sequence.
  private List<Seen> stored(int node, int target, long last) throws InterruptedException {
    try (ResumingReader fresh =
        ResumingReader.start(() -> addresses.get(node), TARGETS.get(target))) {
      fresh.awaitSequence(last);
      return fresh.seen();
    }
  }
}
