package io.galerne.bench.scenario;

import io.galerne.bench.load.SseReaders;
import io.galerne.bench.scenario.Followed.Delivered;
import io.galerne.bench.server.EventServer;
import java.time.Duration;
import java.util.List;

/// P4: whether readers to whom nothing is said slow the others down.
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
    try (EventServer durableStreams = lab.startDurableStreams(ManyExecutions.EXECUTIONS + idle);
        EventServer galerne = lab.startGalerne();
        Followed theirs = followed(lab, durableStreams);
        Followed ours = followed(lab, galerne)) {
      for (Followed followed : List.of(theirs, ours)) {
        var _ = followed.burst(lab.count(WARM_UP, WARM_UP / 20));
      }
      String theirsWith = durableStreams.name() + " with them";
      String theirsWithout = durableStreams.name() + " without them";
      String oursWithout = Turns.OURS + " without them";
      Turns<Delivered> turns =
          new Turns<Delivered>()
              .with(theirsWithout, () -> measure(lab, theirs))
              .with(theirsWith, () -> withIdle(lab, durableStreams, idle, theirs))
              .with(oursWithout, () -> measure(lab, ours))
              .with(Turns.OURS, () -> withIdle(lab, galerne, idle, ours))
              .take(lab);
      return List.of(
          turns.beside(
              oursWithout,
              work() + ": deliveries",
              Delivered::perSecond,
              Unit.PER_SECOND,
              new Target.AtLeastTimes(0.95)),
          turns.compare(
              theirsWith,
              theirsWithout,
              "the same: those of " + durableStreams.name(),
              Delivered::perSecond,
              Unit.PER_SECOND,
              new Target.None()));
    }
  }

  private static Followed followed(Lab lab, EventServer server) {
    return new Followed(lab, server, ManyExecutions.EXECUTIONS, 1, ManyExecutions.CONNECTIONS);
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
