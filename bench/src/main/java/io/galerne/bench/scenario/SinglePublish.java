package io.galerne.bench.scenario;

import io.galerne.bench.load.EventRequests;
import io.galerne.bench.load.JetStreamLoad;
import io.galerne.bench.load.Publishers;
import io.galerne.bench.server.Galerne;
import io.galerne.bench.server.JetStreamServer;
import java.time.Duration;
import java.util.List;

/// P6: how fast events come in one by one. Every publisher waits for its answer; for JetStream that
/// is an acknowledgement without a sync, on the one connection that serves its client best.
public final class SinglePublish implements Scenario {
  private static final int PUBLISHERS = 64;
  private static final int EXECUTIONS = 1_000;
  private static final int WARM_UP = 300_000;
  private static final Duration WARM_WITHIN = Duration.ofMinutes(3);
  private static final int SECONDS = 10;
  private static final int ROUNDS = 3;

  @Override
  public String id() {
    return "p6";
  }

  @Override
  public String work() {
    return "publish over HTTP, single events of 512 B, 64 connections, synced";
  }

  @Override
  public List<Finding> run(Lab lab) {
    try (JetStreamServer jetStream = lab.startJetStream();
        JetStreamLoad theirs = JetStreamLoad.start(jetStream.url());
        Galerne galerne = lab.startGalerne();
        Publishers ours =
            Publishers.connect(
                lab.publishersLoop(),
                galerne.address(),
                PUBLISHERS,
                new EventRequests(galerne.publish(), EXECUTIONS))) {
      var _ = theirs.publishOneAtATime(PUBLISHERS, lab.seconds(SECONDS));
      lab.writeBack();
      var _ = ours.requests(lab.count(WARM_UP, WARM_UP / 20), WARM_WITHIN);
      return List.of(
          Turns.take(
                  lab,
                  ROUNDS,
                  "JetStream, 64 threads, no sync,",
                  () -> theirs.publishOneAtATime(PUBLISHERS, lab.seconds(SECONDS)),
                  () -> ours.during(lab.seconds(SECONDS)).eventsPerSecond())
              .finding(work(), Double::doubleValue, Unit.PER_SECOND, new Target.AtLeastTimes(1.5)));
    }
  }
}
