package io.galerne.bench.scenario;

import static io.galerne.bench.scenario.ReplayExecution.SMALL_LOG;
import static io.galerne.bench.scenario.ReplayExecution.growth;
import static io.galerne.bench.scenario.ReplayExecution.loadAndReplay;

import io.galerne.bench.load.Clock;
import io.galerne.bench.server.Galerne;
import io.galerne.bench.server.JetStreamServer;
import java.util.List;

/// N3: P7 for a log on NATS, and how long a node takes to start on it.
public final class ReplayFromNats implements Scenario {
  @Override
  public String id() {
    return "n3";
  }

  @Override
  public String work() {
    return "replay one execution (100 events) out of a large log on NATS";
  }

  @Override
  public List<Finding> run(Lab lab) {
    int largeLog = lab.logEvents();
    try (JetStreamServer nats = lab.startJetStream()) {
      double small;
      double large;
      try (Galerne node = lab.startNode(nats)) {
        small = loadAndReplay(lab, node, 0, SMALL_LOG);
        large = loadAndReplay(lab, node, SMALL_LOG, largeLog);
        lab.tell("the node's memory: %,d MB".formatted(node.process().residentBytes() >> 20));
        lab.tell("the server's memory: %,d MB".formatted(nats.process().residentBytes() >> 20));
      }
      long start = Clock.now();
      try (Galerne again = lab.startNode(nats)) {
        double seconds = (Clock.now() - start) / 1e9;
        lab.tell(
            "started again, its memory: %,d MB".formatted(again.process().residentBytes() >> 20));
        return List.of(
            growth(
                "replay one execution (100 events) out of %,d on NATS: median".formatted(largeLog),
                small,
                large),
            Finding.alone(
                "start of a node on that log",
                seconds * 1e3,
                Unit.MILLISECONDS,
                new Target.None()));
      }
    }
  }
}
