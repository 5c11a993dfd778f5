package io.galerne.bench.scenario;

import io.galerne.bench.scenario.Followed.Delivered;
import io.galerne.bench.server.EventServer;
import java.util.List;

/// P3: many runs, each with somebody who watches it.
public final class ManyExecutions implements Scenario {
  static final int EXECUTIONS = 1_000;
  static final int CONNECTIONS = 64;
  private static final int EVENTS_PER_SECOND = 5_000;
  private static final int WARM_UP_SECONDS = 30;
  private static final int SECONDS = 10;
  private static final int ROUNDS = 3;

  @Override
  public String id() {
    return "p3";
  }

  @Override
  public String work() {
    return "1,000 executions, one reader each, 5,000 single publishes/s";
  }

  @Override
  public List<Finding> run(Lab lab) {
    try (EventServer nchan = lab.startNchan();
        EventServer galerne = lab.startGalerne();
        Followed theirs = new Followed(lab, nchan, EXECUTIONS, 1, CONNECTIONS);
        Followed ours = new Followed(lab, galerne, EXECUTIONS, 1, CONNECTIONS)) {
      var _ = theirs.atRate(EVENTS_PER_SECOND, lab.seconds(WARM_UP_SECONDS));
      var _ = ours.atRate(EVENTS_PER_SECOND, lab.seconds(WARM_UP_SECONDS));
      Turns<Delivered> turns =
          Turns.take(
              lab,
              ROUNDS,
              "nchan, in memory,",
              () -> theirs.atRate(EVENTS_PER_SECOND, lab.seconds(SECONDS)),
              () -> ours.atRate(EVENTS_PER_SECOND, lab.seconds(SECONDS)));
      return List.of(
          turns.finding(
              work() + ", ours synced: p50",
              delivered -> delivered.ageMillis(50),
              Unit.MILLISECONDS,
              new Target.AtMost(1)),
          turns.finding(
              "the same: p99",
              delivered -> delivered.ageMillis(99),
              Unit.MILLISECONDS,
              new Target.AtMost(5)));
    }
  }
}
