package io.galerne.bench.scenario;

import io.galerne.bench.load.EventRequests;
import io.galerne.bench.load.Publishers;
import io.galerne.bench.load.Template;
import io.galerne.bench.server.Galerne;
import io.galerne.bench.server.JetStreamServer;
import java.util.List;

/// N2: how fast a node takes events whose log is on NATS, beside the embedded log; and what is left
/// where a second node publishes too.
public final class PublishToNats implements Scenario {
  private static final int BATCH = 100;
  private static final int BATCH_CONNECTIONS = 8;
  private static final int EXECUTIONS = 1_000;
  private static final int WARM_UP_SECONDS = 15;
  private static final int SECONDS = 10;
  private static final int ROUNDS = 3;

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
      Finding batches =
          compare(lab, "batches of 100 × 512 B", embedded, node, BATCH_CONNECTIONS, true);
      Finding singles =
          compare(lab, "single events", embedded, node, ManyExecutions.CONNECTIONS, false);
      return List.of(batches, singles, besideAnother(lab, nats, node));
    }
  }

  private Finding compare(
      Lab lab, String what, Galerne embedded, Galerne node, int connections, boolean inBatches) {
    try (Publishers theirs = publishers(lab, embedded, connections, inBatches);
        Publishers ours = publishers(lab, node, connections, inBatches)) {
      var _ = theirs.during(lab.seconds(WARM_UP_SECONDS));
      var _ = ours.during(lab.seconds(WARM_UP_SECONDS));
      return Turns.take(
              lab,
              ROUNDS,
              "embedded",
              () -> theirs.during(lab.seconds(SECONDS)).eventsPerSecond(),
              () -> ours.during(lab.seconds(SECONDS)).eventsPerSecond())
          .finding(work() + ", " + what, Double::doubleValue, Unit.PER_SECOND, new Target.None());
    }
  }

  /// The same number of publishers, all on one node or half on another.
  private static Finding besideAnother(Lab lab, JetStreamServer nats, Galerne node) {
    int half = ManyExecutions.CONNECTIONS / 2;
    try (Galerne second = lab.startNode(nats);
        Publishers all = publishers(lab, node, 2 * half, false);
        Publishers here = publishers(lab, node, half, false);
        Publishers there = publishers(lab, second, half, false)) {
      var _ = there.during(lab.seconds(WARM_UP_SECONDS));
      return Turns.take(
              lab,
              ROUNDS,
              "all on one node",
              () -> all.during(lab.seconds(SECONDS)).eventsPerSecond(),
              () -> together(lab, here, there))
          .finding(
              "single events, half of the publishers on another node",
              Double::doubleValue,
              Unit.PER_SECOND,
              new Target.None());
    }
  }

  private static double together(Lab lab, Publishers here, Publishers there) {
    Publishers.Running second = there.begin(lab.seconds(SECONDS));
    double first = here.during(lab.seconds(SECONDS)).eventsPerSecond();
    return first + second.await().eventsPerSecond();
  }

  private static Publishers publishers(
      Lab lab, Galerne server, int connections, boolean inBatches) {
    Template request = inBatches ? server.publishBatch(BATCH) : server.publish();
    return Publishers.connect(
        lab.publishersLoop(),
        server.address(),
        connections,
        new EventRequests(request, EXECUTIONS));
  }
}
