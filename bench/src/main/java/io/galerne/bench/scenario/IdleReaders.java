package io.galerne.bench.scenario;

import io.galerne.bench.load.SseReaders;
import io.galerne.bench.server.Galerne;
import java.time.Duration;
import java.util.List;

/// P4: whether readers to whom nothing is said slow the others down.
public final class IdleReaders implements Scenario {
  static final int IDLE = 10_000;
  static final Duration OPEN_WITHIN = Duration.ofMinutes(2);
  private static final int WARM_UP = 200_000;
  private static final int ROUNDS = 3;

  @Override
  public String id() {
    return "p4";
  }

  @Override
  public String work() {
    return "P3 as fast as it can, with 10,000 more idle readers";
  }

  @Override
  public List<Finding> run(Lab lab) {
    int idle = lab.count(IDLE, 1_000);
    OpenFiles.require(idle + ManyExecutions.EXECUTIONS);
    try (Galerne server = lab.startGalerne();
        Followed followed =
            new Followed(lab, server, ManyExecutions.EXECUTIONS, 1, ManyExecutions.CONNECTIONS)) {
      var _ = followed.burst(lab.count(WARM_UP, WARM_UP / 20));
      double without = deliveries(lab, followed, "without");
      try (SseReaders _ =
          SseReaders.open(
              lab.readersLoop(),
              server.address(),
              idle,
              reader -> server.stream(ManyExecutions.EXECUTIONS + reader),
              OPEN_WITHIN)) {
        double with = deliveries(lab, followed, "with");
        return List.of(
            Finding.beside(
                work() + ": deliveries",
                "galerne without them",
                without,
                with,
                Unit.PER_SECOND,
                new Target.AtLeastTimes(0.9)));
      }
    }
  }

  private static double deliveries(Lab lab, Followed followed, String what) {
    return lab.median(
        ROUNDS,
        what,
        Unit.PER_SECOND,
        () -> followed.asFastAsPossible(lab.seconds(10)).perSecond());
  }
}
