package io.galerne.cli.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.jetstream.nats.NatsServers;
import io.galerne.server.Seed;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes on one log, one of which is killed repeatedly under load: publishers and readers
/// continue with the other. `-Dgalerne.node-crashes` sets how often.
@Timeout(1800)
class NodeCrashTest {
  private static final int CRASHES = Integer.getInteger("galerne.node-crashes", 3);
  private static final int NODES = 2;
  private static final int PUBLISHERS = 2;
  private static final int READERS_OF_EACH = 2;
  private static final int MOST_UNTIL_CUT = 300;

  /// A batch of a killed node blocks the other node for a moment.
  private static final int SOME_ANSWERS = 50;

  @TempDir Path folder;

  private final List<ServerProcess> nodes = new ArrayList<>();
  private final List<URI> addresses = new CopyOnWriteArrayList<>();
  private final Crowd crowd = new Crowd();
  private NatsServers nats;

  @BeforeEach
  void startNats() {
    nats = NatsServers.single(folder.resolve("nats"));
  }

  @AfterEach
  void endEverything() throws Exception {
    crowd.close();
    for (ServerProcess node : nodes) {
      node.kill();
    }
    nats.close();
  }

  @Test
  void losesAndRepeatsNoAnsweredEventWhicheverNodeDies() throws Exception {
    Random random = Seed.random("node crashes");
    for (int node = 0; node < NODES; node++) {
      nodes.add(start(node));
      addresses.add(listening(node));
    }
    for (int i = 0; i < PUBLISHERS; i++) {
      crowd.addPublisher(anyNode(random), new Random(random.nextLong()));
    }
    for (int i = 0; i < READERS_OF_EACH * Crowd.TARGETS.size(); i++) {
      Random own = new Random(random.nextLong());
      crowd.addReader(anyNode(random), () -> 1 + own.nextInt(MOST_UNTIL_CUT));
    }
    for (int crash = 0; crash < CRASHES; crash++) {
      crowd.awaitAnyMoment(random);
      int victim = random.nextInt(NODES);
      nodes.get(victim).kill();
      crowd.awaitMoreAnswers(SOME_ANSWERS);
      long highest = crowd.highest();
      nodes.set(victim, start(victim));
      addresses.set(victim, listening(victim));
      assertThat(crowd.publishMarker(addresses.get(victim), "marker-" + crash, "run-1"))
          .isGreaterThan(highest);
    }
    int answers = crowd.check(addresses, CRASHES + 1);
    for (ServerProcess node : nodes) {
      assertThat(node.stop()).isZero();
      assertThat(node.logged()).doesNotContain(" ERROR ");
    }
    System.out.println(CRASHES + " crashes, " + answers + " answered events");
  }

  private ServerProcess start(int node) {
    return ServerProcess.start(
        folder.resolve("log.txt"),
        "--log",
        String.join(",", nats.urls()),
        "--replicas",
        "1",
        "--data",
        folder.resolve("node-" + node).toString());
  }

  private URI listening(int node) {
    return nodes.get(node).awaitListening().orElseThrow();
  }

  /// Returns any node, even a dead one.
  private Supplier<URI> anyNode(Random seeds) {
    Random random = new Random(seeds.nextLong());
    return () -> addresses.get(random.nextInt(NODES));
  }
}
