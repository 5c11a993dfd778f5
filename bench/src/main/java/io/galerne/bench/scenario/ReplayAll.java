package io.galerne.bench.scenario;

import io.galerne.bench.load.Clock;
import io.galerne.bench.load.EventRequests;
import io.galerne.bench.load.JetStreamLoad;
import io.galerne.bench.load.Publishers;
import io.galerne.bench.load.SseReaders;
import io.galerne.bench.server.DurableStreams;
import io.galerne.bench.server.EventServer;
import io.galerne.bench.server.Galerne;
import io.galerne.bench.server.JetStreamServer;
import io.galerne.bench.server.StoringServer;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// P8: one reader replays everything from the start.
public final class ReplayAll implements Scenario {
  private static final int EXECUTIONS = 1_000;
  private static final int BATCH = 1_000;
  private static final int CONNECTIONS = 4;
  private static final String JETSTREAM = "JetStream, ordered consumer";
  private static final String NODE = "galerne on NATS";
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
        DurableStreams durableStreams = lab.startDurableStreams(1);
        Galerne embedded = lab.startGalerne();
        JetStreamServer nats = lab.startJetStream();
        Galerne node = lab.startNode(nats)) {
      var _ = theirs.publishPipelined(events, EXECUTIONS);
      load(lab, durableStreams, events, 1);
      load(lab, embedded, events, EXECUTIONS);
      load(lab, node, events, EXECUTIONS);
      Supplier<Double> viaJetStream = () -> perSecond(events, theirs.replayAll(events));
      Supplier<Double> viaDurableStreams =
          () -> replay(lab, durableStreams, durableStreams.replay(0), events);
      Supplier<Double> viaEmbedded = () -> replay(lab, embedded, embedded.everything(), events);
      Supplier<Double> viaNode = () -> replay(lab, node, node.everything(), events);
      for (Supplier<Double> replay :
          List.of(viaJetStream, viaDurableStreams, viaEmbedded, viaNode)) {
        var _ = replay.get();
      }
      Turns<Double> turns =
          new Turns<Double>()
              .with(JETSTREAM, viaJetStream)
              .with(durableStreams.name(), viaDurableStreams)
              .with(Turns.OURS, viaEmbedded)
              .with(NODE, viaNode)
              .take(lab);
      String work = "replay everything (%,d events) to one reader".formatted(events);
      Target target = new Target.AtLeastTimes(1.5);
      return List.of(
          row(turns, Turns.OURS, JETSTREAM, work + ", embedded", target),
          row(turns, NODE, JETSTREAM, "the same, a node on NATS", target),
          row(
              turns,
              Turns.OURS,
              durableStreams.name(),
              "the same, embedded; theirs is one file as it is",
              new Target.None()));
    }
  }

  private static Finding row(
      Turns<Double> turns, String who, String other, String work, Target target) {
    return turns.compare(who, other, work, Double::doubleValue, Unit.PER_SECOND, target);
  }

  private static void load(Lab lab, StoringServer server, int events, int executions) {
    EventRequests requests = new EventRequests(server.store(BATCH), executions);
    try (Publishers publishers =
        Publishers.connect(lab.publishersLoop(), server.address(), CONNECTIONS, requests)) {
      var _ = publishers.requests(events / BATCH, WITHIN);
    }
  }

  /// Returns the events per second.
  private static double replay(Lab lab, EventServer server, String path, int events) {
    long start = Clock.now();
    try (SseReaders reader =
        SseReaders.open(lab.readersLoop(), server.address(), 1, _ -> path, WITHIN)) {
      reader.awaitEvents(events, WITHIN);
      return perSecond(events, Duration.ofNanos(reader.lastEventAt() - start));
    }
  }

  private static double perSecond(int events, Duration elapsed) {
    return events * 1e9 / elapsed.toNanos();
  }
}
