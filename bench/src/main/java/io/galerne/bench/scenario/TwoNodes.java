package io.galerne.bench.scenario;

import io.galerne.bench.scenario.Followed.Delivered;
import io.galerne.bench.server.Galerne;
import io.galerne.bench.server.JetStreamServer;
import java.util.ArrayList;
import java.util.List;

/// N1: two nodes on one NATS server, publishers on one and 1,000 readers on the other, beside one node
/// on the embedded log.
public final class TwoNodes implements Scenario {
  private static final int CONNECTIONS = 8;
  private static final int EVENTS_PER_SECOND = 100;
  private static final int BURST = 3_000;
  private static final int WARM_UP_SECONDS = 15;
  private static final int SECONDS = 10;
  private static final String EMBEDDED = "one node, embedded";

  @Override
  public String id() {
    return "n1";
  }

  @Override
  public String work() {
    return "two nodes on NATS, publishers on one, 1,000 readers of one execution on the other";
  }

  @Override
  public List<Finding> run(Lab lab) {
    int burst = lab.count(BURST, BURST / 10);
    try (JetStreamServer nats = lab.startJetStream();
        Galerne one = lab.startNode(nats);
        Galerne other = lab.startNode(nats);
        Galerne embedded = lab.startGalerne()) {
      Followed theirs = new Followed(lab, embedded, 1, OneExecution.READERS, CONNECTIONS);
      Followed ours = new Followed(lab, one, other, 1, OneExecution.READERS, CONNECTIONS);
      var _ = theirs.atRate(EVENTS_PER_SECOND, lab.seconds(WARM_UP_SECONDS));
      var _ = ours.atRate(EVENTS_PER_SECOND, lab.seconds(WARM_UP_SECONDS));
      Turns<Delivered> steady =
          new Turns<Delivered>()
              .with(EMBEDDED, () -> theirs.atRate(EVENTS_PER_SECOND, lab.seconds(SECONDS)))
              .with(Turns.OURS, () -> ours.atRate(EVENTS_PER_SECOND, lab.seconds(SECONDS)))
              .take(lab);
      Turns<Delivered> bursts =
          new Turns<Delivered>()
              .with(EMBEDDED, () -> theirs.burst(burst))
              .with(Turns.OURS, () -> ours.burst(burst))
              .take(lab);
      List<Finding> findings =
          new ArrayList<>(Delivered.findings(steady, work() + ", 100 events/s", EMBEDDED));
      findings.add(
          bursts.beside(
              EMBEDDED,
              "the same, as fast as they can: deliveries",
              Delivered::perSecond,
              Unit.PER_SECOND,
              new Target.None()));
      return findings;
    }
  }
}
