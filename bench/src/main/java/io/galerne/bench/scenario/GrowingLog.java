package io.galerne.bench.scenario;

import io.galerne.bench.load.Clock;
import io.galerne.bench.load.EventRequests;
import io.galerne.bench.load.Publishers;
import io.galerne.bench.load.Publishers.Published;
import io.galerne.bench.load.SseReaders;
import io.galerne.bench.server.Galerne;
import io.galerne.bench.server.JetStreamServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/// P7, N3 and P12: a growing log. At each size, it replays single executions out of very many,
/// whose events are scattered over the log, reads the server's memory, and restarts the server.
/// Every replay is of another execution, over a new connection. On NATS, a node with an empty
/// folder copies the largest log at the end.
public final class GrowingLog implements Scenario {
  private static final int EVENTS_EACH = 100;
  private static final int REPLAYS = 300;
  private static final int BATCH = 1_000;
  private static final int CONNECTIONS = 4;
  private static final Duration LOADED_WITHIN = Duration.ofMinutes(20);
  private static final Duration READY_WITHIN = Duration.ofMinutes(10);
  private static final Duration REPLAYED_WITHIN = Duration.ofSeconds(30);

  private final boolean onNats;

  private GrowingLog(boolean onNats) {
    this.onNats = onNats;
  }

  /// P7: the log is embedded.
  public static GrowingLog embedded() {
    return new GrowingLog(false);
  }

  /// N3: the log is on NATS.
  public static GrowingLog onNats() {
    return new GrowingLog(true);
  }

  @Override
  public String id() {
    return onNats ? "n3" : "p7";
  }

  @Override
  public String work() {
    return onNats
        ? "the same on NATS, and the first copy of the log"
        : "a growing log: replay of one execution (100 events), memory, restart";
  }

  @Override
  public List<Finding> run(Lab lab) {
    Path data = lab.newFolder("growing");
    if (!onNats) {
      return findings(grow(lab, data, lab::startGalerne));
    }
    try (JetStreamServer nats = lab.startJetStream()) {
      List<Size> sizes = grow(lab, data, folder -> lab.startNode(nats, folder));
      List<Finding> findings = findings(sizes);
      findings.add(firstCopy(lab, nats, sizes.getLast().events()));
      return findings;
    }
  }

  /// The measurements at one size.
  ///
  /// @param perSecond events per second up to that size
  /// @param replayMillis median
  /// @param fullBytes resident memory after publishing and replaying
  /// @param startedBytes resident memory after the start
  /// @param startSeconds the time until it reported that it is ready
  private record Size(
      int events,
      double perSecond,
      double replayMillis,
      long fullBytes,
      long startedBytes,
      double startSeconds) {}

  private List<Size> grow(Lab lab, Path data, Function<Path, Galerne> start) {
    List<Size> sizes = new ArrayList<>();
    Galerne server = start.apply(data);
    try {
      int from = 0;
      for (int to : lab.logSizes()) {
        Published loaded = load(lab, server, from, to);
        double replayMillis = replays(lab, server, from, to);
        long fullBytes = server.process().residentBytes();
        server.close();
        long startedAt = Clock.now();
        server = start.apply(data);
        server.awaitReady(READY_WITHIN);
        double startSeconds = (Clock.now() - startedAt) / 1e9;
        Size size =
            new Size(
                to,
                loaded.eventsPerSecond(),
                replayMillis,
                fullBytes,
                server.process().residentBytes(),
                startSeconds);
        lab.tell(
            "%,d events, published at %,.0f/s; memory %,d MB; started in %.2f s, then %,d MB"
                .formatted(
                    to,
                    size.perSecond(),
                    fullBytes / 1_000_000,
                    startSeconds,
                    size.startedBytes() / 1_000_000));
        sizes.add(size);
        from = to;
      }
      return sizes;
    } finally {
      server.close();
    }
  }

  private List<Finding> findings(List<Size> sizes) {
    List<Finding> findings = new ArrayList<>();
    Size first = sizes.getFirst();
    for (Size size : sizes) {
      String events = "%,d events%s: ".formatted(size.events(), onNats ? " on NATS" : "");
      findings.add(
          Finding.alone(
              events + "published, batches of 1,000",
              size.perSecond(),
              Unit.PER_SECOND,
              new Target.None()));
      findings.add(
          Finding.alone(
              events + "replay of one execution (100 events), median",
              size.replayMillis(),
              Unit.MILLISECONDS,
              new Target.AtMost(5)));
      if (!size.equals(first)) {
        findings.add(
            Finding.beside(
                events + "the same, as the log grows",
                "out of %,d".formatted(first.events()),
                first.replayMillis(),
                size.replayMillis(),
                Unit.MILLISECONDS,
                new Target.AtMostTimes(1.5)));
      }
      findings.add(memory(events + "memory after that", size.fullBytes()));
      findings.add(
          Finding.alone(
              events + "restart", size.startSeconds(), Unit.SECONDS, new Target.AtMost(2)));
      findings.add(memory(events + "memory after the restart", size.startedBytes()));
    }
    return findings;
  }

  private static Finding memory(String work, long bytes) {
    return Finding.alone(work, bytes / 1e6, Unit.MEGABYTES, new Target.AtMost(700));
  }

  private static Finding firstCopy(Lab lab, JetStreamServer nats, int events) {
    long start = Clock.now();
    try (Galerne node = lab.startNode(nats)) {
      node.awaitReady(READY_WITHIN);
      double seconds = (Clock.now() - start) / 1e9;
      lab.tell(
          "copied %,d events in %.1f s; the node's memory %,d MB, the NATS server's %,d MB"
              .formatted(
                  events,
                  seconds,
                  node.process().residentBytes() / 1_000_000,
                  nats.process().residentBytes() / 1_000_000));
      return Finding.alone(
          "first copy of %,d events, start included".formatted(events),
          events / seconds,
          Unit.PER_SECOND,
          new Target.AtLeast(200_000));
    }
  }

  /// Publishes events of executions in turn, numbered from `from / EVENTS_EACH`, until the log
  /// holds `to` events.
  private static Published load(Lab lab, Galerne server, int from, int to) {
    int executions = (to - from) / EVENTS_EACH;
    EventRequests requests = new EventRequests(server.store(BATCH), from / EVENTS_EACH, executions);
    try (Publishers publishers =
        Publishers.connect(lab.publishersLoop(), server.address(), CONNECTIONS, requests)) {
      return publishers.requests((to - from) / BATCH, LOADED_WITHIN);
    }
  }

  /// Returns the median time, in milliseconds, to replay an execution that [#load] published.
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
        "replays out of %,d: first %.2f, then median %.2f, p99 %.2f ms"
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
      reader.awaitEvents(EVENTS_EACH, REPLAYED_WITHIN);
      return reader.lastEventAt() - start;
    }
  }
}
