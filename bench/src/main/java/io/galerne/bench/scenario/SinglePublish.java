package io.galerne.bench.scenario;

import io.galerne.bench.load.EventRequests;
import io.galerne.bench.load.JetStreamLoad;
import io.galerne.bench.load.Publishers;
import io.galerne.bench.server.JetStreamServer;
import io.galerne.bench.server.StoringServer;
import java.time.Duration;
import java.util.List;

/// P6: the rate of single events. Every publisher waits for its answer; JetStream's is an
/// acknowledgement without a sync, on one connection, which is fastest for its client.
public final class SinglePublish implements Scenario {
  private static final int PUBLISHERS = 64;
  private static final int EXECUTIONS = 1_000;
  private static final int WARM_UP = 300_000;
  private static final Duration WARM_WITHIN = Duration.ofMinutes(3);
  private static final int SECONDS = 10;
  private static final String JETSTREAM = "JetStream, 64 threads, no sync";

  @Override
  public String id() {
    return "p6";
  }

  @Override
  public String work() {
    return "publish over HTTP, single events of 512 B, 64 connections, synced";
  }

  @Override
  public List<Finding> run(Lab lab) {
    try (JetStreamServer jetStream = lab.startJetStream();
        JetStreamLoad unsynced = JetStreamLoad.start(jetStream.url());
        StoringServer durableStreams = lab.startDurableStreams(EXECUTIONS);
        StoringServer galerne = lab.startGalerne();
        Publishers theirs = publishers(lab, durableStreams);
        Publishers ours = publishers(lab, galerne)) {
      var _ = unsynced.publishOneAtATime(PUBLISHERS, lab.seconds(SECONDS));
      lab.writeBack();
      for (Publishers publishers : List.of(theirs, ours)) {
        var _ = publishers.requests(lab.count(WARM_UP, WARM_UP / 20), WARM_WITHIN);
      }
      Turns<Rate> turns =
          new Turns<Rate>()
              .with(
                  JETSTREAM,
                  () ->
                      Rate.of(
                          jetStream.process(),
                          () -> unsynced.publishOneAtATime(PUBLISHERS, lab.seconds(SECONDS))))
              .with(durableStreams.name(), () -> rate(lab, durableStreams, theirs))
              .with(Turns.OURS, () -> rate(lab, galerne, ours))
              .take(lab);
      return List.of(
          turns.beside(
              durableStreams.name(),
              work(),
              Rate::perSecond,
              Unit.PER_SECOND,
              new Target.AtLeastTimes(1)),
          turns.beside(
              durableStreams.name(),
              "the same, by CPU",
              Rate::perCpuSecond,
              Unit.PER_CPU_SECOND,
              new Target.AtLeastTimes(1)),
          turns.beside(
              JETSTREAM, "the same", Rate::perSecond, Unit.PER_SECOND, new Target.AtLeastTimes(1)));
    }
  }

  private static Publishers publishers(Lab lab, StoringServer server) {
    return Publishers.connect(
        lab.publishersLoop(),
        server.address(),
        PUBLISHERS,
        new EventRequests(server.store(1), EXECUTIONS));
  }

  private static Rate rate(Lab lab, StoringServer server, Publishers publishers) {
    return Rate.of(server.process(), () -> publishers.during(lab.seconds(SECONDS)));
  }
}
