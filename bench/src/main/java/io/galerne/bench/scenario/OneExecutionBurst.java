package io.galerne.bench.scenario;

import io.galerne.bench.scenario.Followed.Delivered;
import io.galerne.bench.server.EventServer;
import java.util.List;

/// P2: everybody watches the same run, and it says more than can be delivered at once. A fixed number
/// of events is published as fast as the server takes them; the clock stops when every reader has
/// every event.
public final class OneExecutionBurst implements Scenario {
  private static final int EVENTS = 3_000;
  private static final int CONNECTIONS = 8;
  private static final int ROUNDS = 3;

  @Override
  public String id() {
    return "p2";
  }

  @Override
  public String work() {
    return "1,000 SSE readers of one execution, publishers as fast as they can";
  }

  @Override
  public List<Finding> run(Lab lab) {
    int events = lab.count(EVENTS, EVENTS / 10);
    try (EventServer nchan = lab.startNchan();
        EventServer galerne = lab.startGalerne();
        Followed theirs = new Followed(lab, nchan, 1, OneExecution.READERS, CONNECTIONS);
        Followed ours = new Followed(lab, galerne, 1, OneExecution.READERS, CONNECTIONS)) {
      var _ = theirs.burst(events);
      var _ = ours.burst(events);
      return List.of(
          Turns.take(lab, ROUNDS, "nchan", () -> theirs.burst(events), () -> ours.burst(events))
              .finding(
                  work() + ": deliveries",
                  Delivered::perSecond,
                  Unit.PER_SECOND,
                  new Target.AtLeastTimes(5)));
    }
  }
}
