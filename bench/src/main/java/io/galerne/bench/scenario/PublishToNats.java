package io.galerne.bench.scenario;

import io.galerne.bench.load.EventRequests;
import io.galerne.bench.load.Publishers;
import io.galerne.bench.server.Galerne;
import io.galerne.bench.server.JetStreamServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// N2: how fast a node on NATS takes events, compared with the embedded log, and with a second node
/// that publishes too.
public final class PublishToNats implements Scenario {
  private static final int BATCH = 100;
  private static final int BATCH_CONNECTIONS = 8;
  private static final int EXECUTIONS = 1_000;
  private static final int WARM_UP_SECONDS = 15;
  private static final int SECONDS = 10;
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final String EMBEDDED = "embedded";
  private static final String ONE_NODE = "all on one node";

  @Override
  public String id() {
    return "n2";
  }

  @Override
  public String work() {
    return "publish over HTTP to a node on NATS";
  }

  @Override
  public List<Finding> run(Lab lab) {
    try (JetStreamServer nats = lab.startJetStream();
        Galerne node = lab.startNode(nats);
        Galerne embedded = lab.startGalerne()) {
      List<Finding> findings = new ArrayList<>();
      findings.addAll(
          compare(
              lab,
              "batches of 100 × 512 B",
              embedded,
              node,
              BATCH_CONNECTIONS,
              BATCH,
              new Target.AtLeastTimes(1.2)));
      findings.addAll(
          compare(
              lab,
              "single events",
              embedded,
              node,
              ManyExecutions.CONNECTIONS,
              1,
              new Target.None()));
      findings.add(besideAnother(lab, nats, node));
      return findings;
    }
  }

  private List<Finding> compare(
      Lab lab,
      String what,
      Galerne embedded,
      Galerne node,
      int connections,
      int batch,
      Target target) {
    try (Publishers theirs = publishers(lab, embedded, connections, batch);
        Publishers ours = publishers(lab, node, connections, batch)) {
      var _ = theirs.during(lab.seconds(WARM_UP_SECONDS));
      var _ = ours.during(lab.seconds(WARM_UP_SECONDS));
      Turns<Rate> turns =
          new Turns<Rate>()
              .with(EMBEDDED, () -> rate(lab, embedded, theirs))
              .with(Turns.OURS, () -> rate(lab, node, ours))
              .take(lab);
      return List.of(
          turns.beside(EMBEDDED, work() + ", " + what, Rate::perSecond, Unit.PER_SECOND, target),
          turns.beside(
              EMBEDDED,
              "the same, by CPU of the node",
              Rate::perCpuSecond,
              Unit.PER_CPU_SECOND,
              new Target.None()));
    }
  }

  private static Rate rate(Lab lab, Galerne server, Publishers publishers) {
    return Rate.of(server.process(), () -> publishers.during(lab.seconds(SECONDS)));
  }

  /// Compares the same number of publishers on one node and on two.
  private static Finding besideAnother(Lab lab, JetStreamServer nats, Galerne node) {
    int half = ManyExecutions.CONNECTIONS / 2;
    try (Galerne second = lab.startNode(nats)) {
      second.awaitReady(READY_WITHIN);
      try (Publishers all = publishers(lab, node, 2 * half, 1);
          Publishers here = publishers(lab, node, half, 1);
          Publishers there = publishers(lab, second, half, 1)) {
        var _ = there.during(lab.seconds(WARM_UP_SECONDS));
        return new Turns<Double>()
            .with(ONE_NODE, () -> all.during(lab.seconds(SECONDS)).eventsPerSecond())
            .with(Turns.OURS, () -> together(lab, here, there))
            .take(lab)
            .beside(
                ONE_NODE,
                "single events, half of the publishers on another node",
                Double::doubleValue,
                Unit.PER_SECOND,
                new Target.AtLeastTimes(1));
      }
    }
  }

  private static double together(Lab lab, Publishers here, Publishers there) {
    Publishers.Running second = there.begin(lab.seconds(SECONDS));
    double first = here.during(lab.seconds(SECONDS)).eventsPerSecond();
    return first + second.await().eventsPerSecond();
  }

  private static Publishers publishers(Lab lab, Galerne server, int connections, int batch) {
    return Publishers.connect(
        lab.publishersLoop(),
        server.address(),
        connections,
        new EventRequests(server.store(batch), EXECUTIONS));
  }
}
