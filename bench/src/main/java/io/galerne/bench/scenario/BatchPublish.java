package io.galerne.bench.scenario;

import io.galerne.bench.load.EventRequests;
import io.galerne.bench.load.Publishers;
import io.galerne.bench.server.StoringServer;
import java.time.Duration;
import java.util.List;

/// P5: the rate of events that are published in batches.
public final class BatchPublish implements Scenario {
  private static final int BATCH = 100;
  private static final int CONNECTIONS = 8;

  /// A prime, so that batches begin with every execution in turn.
  private static final int EXECUTIONS = 997;

  private static final int WARM_UP = 5_000;
  private static final Duration WARM_WITHIN = Duration.ofMinutes(3);
  private static final int SECONDS = 10;

  @Override
  public String id() {
    return "p5";
  }

  @Override
  public String work() {
    return "publish over HTTP, batches of 100 × 512 B, synced";
  }

  @Override
  public List<Finding> run(Lab lab) {
    try (StoringServer durableStreams = lab.startDurableStreams(EXECUTIONS);
        StoringServer galerne = lab.startGalerne();
        Publishers theirs = publishers(lab, durableStreams);
        Publishers ours = publishers(lab, galerne)) {
      for (Publishers publishers : List.of(theirs, ours)) {
        var _ = publishers.requests(lab.count(WARM_UP, WARM_UP / 20), WARM_WITHIN);
      }
      Turns<Rate> turns =
          new Turns<Rate>()
              .with(durableStreams.name(), () -> rate(lab, durableStreams, theirs))
              .with(Turns.OURS, () -> rate(lab, galerne, ours))
              .take(lab);
      return List.of(
          turns.beside(
              durableStreams.name(),
              work(),
              Rate::perSecond,
              Unit.PER_SECOND,
              new Target.AtLeastTimes(1.2)),
          turns.beside(
              durableStreams.name(),
              "the same, by CPU",
              Rate::perCpuSecond,
              Unit.PER_CPU_SECOND,
              new Target.AtLeast(150_000)));
    }
  }

  private static Publishers publishers(Lab lab, StoringServer server) {
    return Publishers.connect(
        lab.publishersLoop(),
        server.address(),
        CONNECTIONS,
        new EventRequests(server.store(BATCH), EXECUTIONS));
  }

  private static Rate rate(Lab lab, StoringServer server, Publishers publishers) {
    return Rate.of(server.process(), () -> publishers.during(lab.seconds(SECONDS)));
  }
}
