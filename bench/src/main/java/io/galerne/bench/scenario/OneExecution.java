package io.galerne.bench.scenario;

import io.galerne.bench.scenario.Followed.Delivered;
import io.galerne.bench.server.EventServer;
import java.util.ArrayList;
import java.util.List;

/// P1: many readers of one execution.
public final class OneExecution implements Scenario {
  static final int READERS = 1_000;
  private static final int EVENTS_PER_SECOND = 100;
  private static final int CONNECTIONS = 8;
  private static final int WARM_UP_SECONDS = 15;
  private static final int SECONDS = 10;

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
        EventServer durableStreams = lab.startDurableStreams(1);
        EventServer galerne = lab.startGalerne();
        SendLimit limit = SendLimit.connect(lab.readersLoop(), READERS)) {
      Followed viaNchan = new Followed(lab, nchan, 1, READERS, CONNECTIONS);
      Followed viaDurableStreams = new Followed(lab, durableStreams, 1, READERS, CONNECTIONS);
      Followed ours = new Followed(lab, galerne, 1, READERS, CONNECTIONS);
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
                  work(),
                  durableStreams.name(),
                  new Target.AtLeastTimes(1.2),
                  new Target.AtMostTimes(1),
                  new Target.AtMostTimes(1)));
      findings.addAll(Delivered.findings(turns, "the same", nchan.name()));
      findings.add(
          Finding.alone(
              "limit: send() of such an event to 1,000 sockets from one thread, 100 rounds/s",
              limit.perCpuSecond(EVENTS_PER_SECOND, lab.seconds(SECONDS)),
              Unit.PER_CPU_SECOND,
              new Target.None()));
      return findings;
    }
  }

  private static Delivered atRate(Lab lab, Followed followed) {
    return followed.atRate(EVENTS_PER_SECOND, lab.seconds(SECONDS));
  }
}
