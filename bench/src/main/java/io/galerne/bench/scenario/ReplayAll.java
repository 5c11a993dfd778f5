package io.galerne.bench.scenario;

import io.galerne.bench.load.Clock;
import io.galerne.bench.load.EventRequests;
import io.galerne.bench.load.JetStreamLoad;
import io.galerne.bench.load.Publishers;
import io.galerne.bench.load.SseReaders;
import io.galerne.bench.server.Galerne;
import io.galerne.bench.server.JetStreamServer;
import java.time.Duration;
import java.util.List;

/// P8: somebody reads everything from the start.
public final class ReplayAll implements Scenario {
  private static final int EXECUTIONS = 1_000;
  private static final int BATCH = 1_000;
  private static final int CONNECTIONS = 4;
  private static final int ROUNDS = 3;
  private static final Duration WITHIN = Duration.ofMinutes(2);

  @Override
  public String id() {
    return "p8";
  }

  @Override
  public String work() {
    return "replay everything to one reader";
  }

  @Override
  public List<Finding> run(Lab lab) {
    int events = lab.count(1_000_000, 100_000);
    try (JetStreamServer jetStream = lab.startJetStream();
        JetStreamLoad theirs = JetStreamLoad.start(jetStream.url());
        Galerne galerne = lab.startGalerne()) {
      var _ = theirs.publishPipelined(events, EXECUTIONS);
      load(lab, galerne, events);
      var _ = theirs.replayAll(events);
      var _ = replay(lab, galerne, events);
      return List.of(
          Turns.take(
                  lab,
                  ROUNDS,
                  "JetStream, ordered consumer,",
                  () -> events * 1e9 / theirs.replayAll(events).toNanos(),
                  () -> events * 1e9 / replay(lab, galerne, events))
              .finding(
                  "replay everything (%,d events) to one reader".formatted(events),
                  Double::doubleValue,
                  Unit.PER_SECOND,
                  new Target.AtLeastTimes(1.5)));
    }
  }

  private static void load(Lab lab, Galerne server, int events) {
    EventRequests requests = new EventRequests(server.publishBatch(BATCH), EXECUTIONS);
    try (Publishers publishers =
        Publishers.connect(lab.publishersLoop(), server.address(), CONNECTIONS, requests)) {
      var _ = publishers.requests(events / BATCH, WITHIN);
    }
  }

  private static long replay(Lab lab, Galerne server, int events) {
    long start = Clock.now();
    try (SseReaders reader =
        SseReaders.open(lab.readersLoop(), server.address(), 1, _ -> server.everything(), WITHIN)) {
      reader.awaitFrames(events, WITHIN);
      return reader.lastFrameAt() - start;
    }
  }
}
