package io.galerne.bench.scenario;

import io.galerne.bench.load.SseReaders;
import io.galerne.bench.scenario.Followed.Delivered;
import io.galerne.bench.server.EventServer;
import java.time.Duration;
import java.util.List;

/// P4: whether idle readers slow the others down.
public final class IdleReaders implements Scenario {
  static final int IDLE = 10_000;
  static final Duration OPEN_WITHIN = Duration.ofMinutes(2);
  private static final int WARM_UP = 200_000;
  private static final int SECONDS = 10;

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
    try (EventServer galerne = lab.startGalerne()) {
      Followed ours =
          new Followed(lab, galerne, ManyExecutions.EXECUTIONS, 1, ManyExecutions.CONNECTIONS);
      var _ = ours.burst(lab.count(WARM_UP, WARM_UP / 20));
      String without = Turns.OURS + " without them";
      Turns<Delivered> turns =
          new Turns<Delivered>()
              .with(without, () -> measure(lab, ours))
              .with(Turns.OURS, () -> withIdle(lab, galerne, idle, ours))
              .take(lab);
      return List.of(
          turns.beside(
              without,
              work() + ": deliveries",
              Delivered::perSecond,
              Unit.PER_SECOND,
              new Target.AtLeastTimes(0.95)));
    }
  }

  private static Delivered measure(Lab lab, Followed followed) {
    return followed.asFastAsPossible(lab.seconds(SECONDS));
  }

  private static Delivered withIdle(Lab lab, EventServer server, int idle, Followed followed) {
    try (SseReaders _ =
        SseReaders.open(
            lab.readersLoop(),
            server.address(),
            idle,
            reader -> server.stream(ManyExecutions.EXECUTIONS + reader),
            OPEN_WITHIN)) {
      return measure(lab, followed);
    }
  }
}
