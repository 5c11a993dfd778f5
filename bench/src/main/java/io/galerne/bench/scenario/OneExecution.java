package io.galerne.bench.scenario;

import io.galerne.bench.scenario.Followed.Delivered;
import io.galerne.bench.server.EventServer;
import java.util.List;

/// P1: everybody watches the same run.
public final class OneExecution implements Scenario {
  static final int READERS = 1_000;
  private static final int EVENTS_PER_SECOND = 100;
  private static final int CONNECTIONS = 8;
  private static final int WARM_UP_SECONDS = 15;
  private static final int SECONDS = 10;
  private static final int ROUNDS = 3;

  @Override
  public String id() {
    return "p1";
  }

  @Override
  public String work() {
    return "1,000 SSE readers of one execution, 100 events/s";
  }

  @Override
  public List<Finding> run(Lab lab) {
    try (EventServer nchan = lab.startNchan();
        EventServer galerne = lab.startGalerne();
        Followed theirs = new Followed(lab, nchan, 1, READERS, CONNECTIONS);
        Followed ours = new Followed(lab, galerne, 1, READERS, CONNECTIONS)) {
      var _ = theirs.atRate(EVENTS_PER_SECOND, lab.seconds(WARM_UP_SECONDS));
      var _ = ours.atRate(EVENTS_PER_SECOND, lab.seconds(WARM_UP_SECONDS));
      Turns<Delivered> turns =
          Turns.take(
              lab,
              ROUNDS,
              "nchan",
              () -> theirs.atRate(EVENTS_PER_SECOND, lab.seconds(SECONDS)),
              () -> ours.atRate(EVENTS_PER_SECOND, lab.seconds(SECONDS)));
      return List.of(
          turns.finding(
              work() + ": deliveries",
              Delivered::perCpuSecond,
              Unit.PER_CPU_SECOND,
              new Target.AtLeastTimes(1.5)),
          turns.finding(
              "the same: p50",
              delivered -> delivered.ageMillis(50),
              Unit.MILLISECONDS,
              new Target.None()),
          turns.finding(
              "the same: p99",
              delivered -> delivered.ageMillis(99),
              Unit.MILLISECONDS,
              new Target.AtMostTimes(1)));
    }
  }
}
