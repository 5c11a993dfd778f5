package io.galerne.bench.scenario;

import io.galerne.bench.load.EventRequests;
import io.galerne.bench.load.JetStreamLoad;
import io.galerne.bench.load.Publishers;
import io.galerne.bench.server.Galerne;
import io.galerne.bench.server.JetStreamServer;
import java.time.Duration;
import java.util.List;

/// P5: how fast events come in where publishers collect them.
public final class BatchPublish implements Scenario {
  private static final int BATCH = 100;
  private static final int CONNECTIONS = 8;
  private static final int EXECUTIONS = 1_000;
  private static final int WARM_UP = 5_000;
  private static final Duration WARM_WITHIN = Duration.ofMinutes(3);
  private static final int SECONDS = 10;
  private static final int ROUNDS = 3;

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
    int events = lab.count(1_000_000, 100_000);
    try (JetStreamServer jetStream = lab.startJetStream();
        JetStreamLoad theirs = JetStreamLoad.start(jetStream.url());
        Galerne galerne = lab.startGalerne();
        Publishers ours =
            Publishers.connect(
                lab.publishersLoop(),
                galerne.address(),
                CONNECTIONS,
                new EventRequests(galerne.publishBatch(BATCH), EXECUTIONS))) {
      var _ = theirs.publishPipelined(events / 2, EXECUTIONS);
      lab.writeBack();
      var _ = ours.requests(lab.count(WARM_UP, WARM_UP / 20), WARM_WITHIN);
      return List.of(
          Turns.take(
                  lab,
                  ROUNDS,
                  "JetStream, pipelined, no sync,",
                  () -> theirs.publishPipelined(events, EXECUTIONS),
                  () -> ours.during(lab.seconds(SECONDS)).eventsPerSecond())
              .finding(work(), Double::doubleValue, Unit.PER_SECOND, new Target.AtLeastTimes(1)));
    }
  }
}
