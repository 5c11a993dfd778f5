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
import org.HdrHistogram.Histogram;

/// P7: somebody opens one run out of very many, whose events lie scattered over the log. Every
/// replay is of another execution, over a new connection.
public final class ReplayExecution implements Scenario {
  private static final int EVENTS_EACH = 100;
  static final int SMALL_LOG = 100_000;
  private static final int JETSTREAM_LOG = 400_000;
  private static final int JETSTREAM_REPLAYS = 10;
  private static final int REPLAYS = 300;
  private static final int BATCH = 1_000;
  private static final int CONNECTIONS = 4;
  private static final Duration LOADED_WITHIN = Duration.ofMinutes(10);
  private static final Duration REPLAYED_WITHIN = Duration.ofSeconds(30);

  @Override
  public String id() {
    return "p7";
  }

  @Override
  public String work() {
    return "replay one execution (100 events) out of a large log";
  }

  @Override
  public List<Finding> run(Lab lab) {
    int theirLog = lab.count(JETSTREAM_LOG, SMALL_LOG);
    int largeLog = lab.logEvents();
    double theirs = jetStream(lab, theirLog);
    try (Galerne server = lab.startGalerne()) {
      double small = loadAndReplay(lab, server, 0, SMALL_LOG);
      double large = loadAndReplay(lab, server, SMALL_LOG, largeLog);
      return List.of(
          Finding.beside(
              "replay one execution (100 events) out of %,d: median".formatted(largeLog),
              "JetStream, out of %,d,".formatted(theirLog),
              theirs,
              large,
              Unit.MILLISECONDS,
              new Target.AtMost(10)),
          growth("the same", small, large));
    }
  }

  /// How the time grew with the log.
  static Finding growth(String work, double small, double large) {
    return Finding.beside(
        work + ", as the log grows from %,d".formatted(SMALL_LOG),
        "galerne, out of %,d,".formatted(SMALL_LOG),
        small,
        large,
        Unit.MILLISECONDS,
        new Target.AtMostTimes(2));
  }

  /// Publishes until the log holds `to` events, and replays executions of those.
  ///
  /// @return the median time in milliseconds
  static double loadAndReplay(Lab lab, Galerne server, int from, int to) {
    load(lab, server, from, to);
    return replays(lab, server, from, to);
  }

  private static double jetStream(Lab lab, int events) {
    int executions = events / EVENTS_EACH;
    try (JetStreamServer server = lab.startJetStream();
        JetStreamLoad load = JetStreamLoad.start(server.url())) {
      var _ = load.publishPipelined(events, executions);
      int[] next = {0};
      return lab.median(
          JETSTREAM_REPLAYS,
          "JetStream",
          Unit.MILLISECONDS,
          () -> load.replay(next[0]++, EVENTS_EACH).toNanos() / 1e6);
    }
  }

  /// Publishes events of executions that take turns, numbered from `from / EVENTS_EACH`, until the
  /// log holds `to` events.
  private static void load(Lab lab, Galerne server, int from, int to) {
    int executions = (to - from) / EVENTS_EACH;
    EventRequests requests =
        new EventRequests(server.publishBatch(BATCH), from / EVENTS_EACH, executions);
    try (Publishers publishers =
        Publishers.connect(lab.publishersLoop(), server.address(), CONNECTIONS, requests)) {
      Publishers.Published loaded = publishers.requests((to - from) / BATCH, LOADED_WITHIN);
      lab.tell("%,d events more at %,.0f/s".formatted(loaded.events(), loaded.eventsPerSecond()));
    }
  }

  /// The median time, in milliseconds, to replay an execution of those that [#load] published.
  private static double replays(Lab lab, Galerne server, int from, int to) {
    Histogram times = new Histogram(REPLAYED_WITHIN.toNanos(), 3);
    int first = from / EVENTS_EACH;
    int executions = (to - from) / EVENTS_EACH;
    int replays = Math.min(REPLAYS, executions / 2);
    // The first third warms up; each execution is replayed once.
    long coldNanos = replay(lab, server, first);
    for (int i = 1; i < replays; i++) {
      int execution = first + Math.toIntExact((long) i * executions / replays);
      long nanos = replay(lab, server, execution);
      if (i >= replays / 3) {
        times.recordValue(nanos);
      }
    }
    double median = times.getValueAtPercentile(50) / 1e6;
    lab.tell(
        "galerne, out of %,d: first %.2f, then median %.2f, p99 %.2f ms"
            .formatted(to, coldNanos / 1e6, median, times.getValueAtPercentile(99) / 1e6));
    return median;
  }

  private static long replay(Lab lab, Galerne server, int execution) {
    long start = Clock.now();
    try (SseReaders reader =
        SseReaders.open(
            lab.readersLoop(),
            server.address(),
            1,
            _ -> server.replay(execution),
            REPLAYED_WITHIN)) {
      reader.awaitFrames(EVENTS_EACH, REPLAYED_WITHIN);
      return reader.lastFrameAt() - start;
    }
  }
}
