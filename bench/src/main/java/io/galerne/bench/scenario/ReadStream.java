package io.galerne.bench.scenario;

import io.galerne.bench.load.Clock;
import io.galerne.bench.load.EventRequests;
import io.galerne.bench.load.Publishers;
import io.galerne.bench.server.Galerne;
import io.galerne.bench.server.OfficialClient;
import io.galerne.client.Mistral;
import io.galerne.client.stream.EventStream;
import io.galerne.protocol.StreamEvent;
import java.time.Duration;
import java.util.List;

/// P11: one client reads one local stream into typed events.
public final class ReadStream implements Scenario {
  private static final int BATCH = 1_000;
  private static final int CONNECTIONS = 4;
  private static final int EXECUTIONS = 1_000;
  private static final Duration PUBLISHED_WITHIN = Duration.ofMinutes(1);

  @Override
  public String id() {
    return "p11";
  }

  @Override
  public String work() {
    return "the Java client reads one local stream";
  }

  @Override
  public List<Finding> run(Lab lab) {
    int events = lab.count(200_000, 20_000);
    OfficialClient python = OfficialClient.python(lab.officialClients());
    OfficialClient typescript = OfficialClient.typescript(lab.officialClients());
    try (Galerne server = lab.startGalerne();
        Mistral mistral = Mistral.builder().serverUrl(server.url()).build()) {
      load(lab, server, events);
      read(mistral, events);
      return List.of(
          beside(lab, server, mistral, events, python, events / 10, 10),
          beside(lab, server, mistral, events, typescript, events / 4, 3));
    }
  }

  /// @param theirEvents fewer if the client is slow, because speeds are compared, not times
  private Finding beside(
      Lab lab,
      Galerne server,
      Mistral mistral,
      int events,
      OfficialClient official,
      int theirEvents,
      int times) {
    return new Turns<Double>()
        .with(official.name(), () -> official.eventsPerSecond(server.url(), theirEvents))
        .with(Turns.OURS, () -> read(mistral, events))
        .take(lab)
        .beside(
            official.name(),
            work(),
            Double::doubleValue,
            Unit.PER_SECOND,
            new Target.AtLeastTimes(times));
  }

  private static void load(Lab lab, Galerne server, int events) {
    EventRequests requests =
        new EventRequests(server.publishBatchOfSmallTimestamps(BATCH), EXECUTIONS);
    try (Publishers publishers =
        Publishers.connect(lab.publishersLoop(), server.address(), CONNECTIONS, requests)) {
      var _ = publishers.requests(events / BATCH, PUBLISHED_WITHIN);
    }
  }

  /// Returns the events per second.
  private static double read(Mistral mistral, int events) {
    long start = Clock.now();
    try (EventStream stream = mistral.events().getStreamEvents(_ -> {})) {
      long last = 0;
      int count = 0;
      for (StreamEvent event : stream) {
        if (event.brokerSequence() <= last) {
          throw new IllegalStateException(event.brokerSequence() + " came after " + last);
        }
        last = event.brokerSequence();
        if (++count == events) {
          break;
        }
      }
    }
    return events * 1e9 / (Clock.now() - start);
  }
}
