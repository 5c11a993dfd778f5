package io.galerne.bench.scenario;

import io.galerne.bench.scenario.Followed.Delivered;
import io.galerne.bench.server.EventServer;
import java.util.ArrayList;
import java.util.List;

/// P3: many executions with one reader each.
public final class ManyExecutions implements Scenario {
  static final int EXECUTIONS = 1_000;
  static final int CONNECTIONS = 64;
  private static final int EVENTS_PER_SECOND = 5_000;
  private static final int WARM_UP_SECONDS = 30;
  private static final int SECONDS = 10;

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
        EventServer durableStreams = lab.startDurableStreams(EXECUTIONS);
        EventServer galerne = lab.startGalerne()) {
      Followed viaNchan = new Followed(lab, nchan, EXECUTIONS, 1, CONNECTIONS);
      Followed viaDurableStreams = new Followed(lab, durableStreams, EXECUTIONS, 1, CONNECTIONS);
      Followed ours = new Followed(lab, galerne, EXECUTIONS, 1, CONNECTIONS);
      for (Followed followed : List.of(viaNchan, viaDurableStreams, ours)) {
        var _ = followed.atRate(EVENTS_PER_SECOND, lab.seconds(WARM_UP_SECONDS));
      }
      Turns<Delivered> turns =
          new Turns<Delivered>()
              .with(nchan.name(), () -> atRate(lab, viaNchan))
              .with(durableStreams.name(), () -> atRate(lab, viaDurableStreams))
              .with(Turns.OURS, () -> atRate(lab, ours))
              .take(lab);
      List<Finding> findings =
          new ArrayList<>(
              Delivered.findings(
                  turns,
                  work() + ", synced",
                  durableStreams.name(),
                  new Target.AtLeastTimes(1),
                  new Target.AtMostTimes(1.5),
                  new Target.AtMostTimes(1)));
      findings.addAll(Delivered.findings(turns, "the same (nchan: in memory)", nchan.name()));
      return findings;
    }
  }

  private static Delivered atRate(Lab lab, Followed followed) {
    return followed.atRate(EVENTS_PER_SECOND, lab.seconds(SECONDS));
  }
}
