package io.galerne.bench.scenario;

import io.galerne.bench.scenario.Followed.Delivered;
import io.galerne.bench.server.EventServer;
import java.util.ArrayList;
import java.util.List;

/// P2: many readers of one execution, and more events than can be delivered at once: first at a
/// fixed rate, then a fixed number of events as fast as the server takes them. The clock stops when
/// every reader has every event.
public final class OneExecutionBurst implements Scenario {
  private static final int EVENTS_PER_SECOND = 200;
  private static final int EVENTS = 3_000;
  private static final int CONNECTIONS = 16;
  private static final int SECONDS = 10;

  @Override
  public String id() {
    return "p2";
  }

  @Override
  public String work() {
    return "1,000 SSE readers of one execution, 200 events/s, and as fast as they can";
  }

  @Override
  public List<Finding> run(Lab lab) {
    int readers = OneExecution.READERS;
    int events = lab.count(EVENTS, EVENTS / 10);
    try (EventServer nchan = lab.startNchan();
        EventServer durableStreams = lab.startDurableStreams(1);
        EventServer galerne = lab.startGalerne()) {
      Followed viaNchan = new Followed(lab, nchan, 1, readers, CONNECTIONS);
      Followed viaDurableStreams = new Followed(lab, durableStreams, 1, readers, CONNECTIONS);
      Followed ours = new Followed(lab, galerne, 1, readers, CONNECTIONS);
      for (Followed followed : List.of(viaNchan, viaDurableStreams, ours)) {
        var _ = followed.burst(events);
      }
      Turns<Delivered> steady =
          new Turns<Delivered>()
              .with(nchan.name(), () -> atRate(lab, viaNchan))
              .with(durableStreams.name(), () -> atRate(lab, viaDurableStreams))
              .with(Turns.OURS, () -> atRate(lab, ours))
              .take(lab);
      Turns<Delivered> bursts =
          new Turns<Delivered>()
              .with(nchan.name(), () -> viaNchan.burst(events))
              .with(durableStreams.name(), () -> viaDurableStreams.burst(events))
              .with(Turns.OURS, () -> ours.burst(events))
              .take(lab);
      List<Finding> findings =
          new ArrayList<>(
              Delivered.findings(
                  steady,
                  "1,000 SSE readers of one execution, 200 events/s",
                  durableStreams.name(),
                  new Target.None(),
                  new Target.None(),
                  new Target.AtMostTimes(1)));
      findings.addAll(Delivered.findings(steady, "the same", nchan.name()));
      findings.add(burst(bursts, durableStreams.name(), new Target.None()));
      findings.add(burst(bursts, nchan.name(), new Target.AtLeastTimes(3)));
      return findings;
    }
  }

  private static Delivered atRate(Lab lab, Followed followed) {
    return followed.atRate(EVENTS_PER_SECOND, lab.seconds(SECONDS));
  }

  private static Finding burst(Turns<Delivered> bursts, String peer, Target target) {
    return bursts.beside(
        peer,
        "the same, as fast as they can: deliveries",
        Delivered::perSecond,
        Unit.PER_SECOND,
        target);
  }
}
