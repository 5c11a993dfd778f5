package io.galerne.bench.scenario;

import com.sun.management.OperatingSystemMXBean;
import io.galerne.bench.load.Clock;
import io.galerne.bench.load.EventRequests;
import io.galerne.bench.load.Publishers;
import io.galerne.bench.load.SseReaders;
import io.galerne.bench.server.EventServer;
import io.galerne.bench.server.ServerProcess;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/// A server, publishers, and readers that follow the publishers' executions. Each run opens its own
/// connections: a peer ends streams after a minute, and servers close idle connections while others
/// are measured. The first run warms the server up; measure the second.
final class Followed {
  private static final Duration OPEN_WITHIN = Duration.ofMinutes(1);
  private static final Duration DELIVERED_WITHIN = Duration.ofMinutes(2);

  /// The deliveries of one run, and their cost.
  ///
  /// @param elapsed the time from the first publication to the last delivery
  /// @param machineCpu of all processes, so that a disturbed run is visible
  /// @param age the nanoseconds from the intended publication to the delivery
  record Delivered(
      long deliveries,
      Duration elapsed,
      Duration serverCpu,
      Duration loadCpu,
      Duration machineCpu,
      Histogram age) {
    double perSecond() {
      return deliveries * 1e9 / elapsed.toNanos();
    }

    double perCpuSecond() {
      return deliveries * 1e9 / Math.max(1, serverCpu.toNanos());
    }

    double ageMillis(double percentile) {
      return age.getValueAtPercentile(percentile) / 1e6;
    }

    /// Compares our deliveries per CPU-second and their latency with a peer's.
    static List<Finding> findings(
        Turns<Delivered> turns,
        String work,
        String peer,
        Target perCpuSecond,
        Target p50,
        Target p99) {
      return List.of(
          turns.beside(
              peer,
              work + ": deliveries",
              Delivered::perCpuSecond,
              Unit.PER_CPU_SECOND,
              perCpuSecond),
          turns.beside(
              peer, "the same: p50", delivered -> delivered.ageMillis(50), Unit.MILLISECONDS, p50),
          turns.beside(
              peer, "the same: p99", delivered -> delivered.ageMillis(99), Unit.MILLISECONDS, p99));
    }

    /// As above, without targets.
    static List<Finding> findings(Turns<Delivered> turns, String work, String peer) {
      return findings(turns, work, peer, new Target.None(), new Target.None(), new Target.None());
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%,d deliveries in %.2f s, %,.0f/s, %,.0f per CPU-s; p50 %.2f, p99 %.2f, max %.2f ms; "
              + "CPU of the server %.2f s, of the load %.2f s, of the machine %.2f s",
          deliveries,
          elapsed.toNanos() / 1e9,
          perSecond(),
          perCpuSecond(),
          ageMillis(50),
          ageMillis(99),
          ageMillis(100),
          serverCpu.toNanos() / 1e9,
          loadCpu.toNanos() / 1e9,
          machineCpu.toNanos() / 1e9);
    }
  }

  private final EventServer server;
  private final Lab lab;
  private final int readersEach;
  private final int readers;
  private final EventServer published;
  private final EventRequests requests;
  private final int connections;

  /// @param executions the number of executions, which get events in turn
  /// @param readersEach the number of readers of each
  Followed(Lab lab, EventServer server, int executions, int readersEach, int connections) {
    this(lab, server, server, executions, readersEach, connections);
  }

  /// Publishes to one server, and reads from another on the same log, whose CPU is measured.
  Followed(
      Lab lab,
      EventServer published,
      EventServer server,
      int executions,
      int readersEach,
      int connections) {
    this.server = server;
    this.lab = lab;
    this.readersEach = readersEach;
    this.readers = executions * readersEach;
    this.published = published;
    this.connections = connections;
    this.requests = new EventRequests(published.publish(), executions);
  }

  /// Publishes at a fixed rate, and waits until everything is delivered.
  Delivered atRate(double perSecond, Duration duration) {
    return run(publishers -> publishers.atRate(perSecond, duration));
  }

  /// Publishes `events` events as fast as the connections can, and waits until everything is
  /// delivered.
  Delivered burst(long events) {
    return run(publishers -> publishers.requests(events, DELIVERED_WITHIN));
  }

  /// Publishes for `duration` as fast as the connections can, and waits until everything is
  /// delivered.
  Delivered asFastAsPossible(Duration duration) {
    return run(publishers -> publishers.during(duration));
  }

  private Delivered run(Function<Publishers, Publishers.Published> publishing) {
    try (Publishers publishers =
            Publishers.connect(lab.publishersLoop(), published.address(), connections, requests);
        SseReaders open =
            SseReaders.open(
                lab.readersLoop(),
                server.address(),
                readers,
                reader -> server.stream(reader / readersEach),
                OPEN_WITHIN)) {
      return run(() -> publishing.apply(publishers), open);
    }
  }

  private Delivered run(Supplier<Publishers.Published> publishing, SseReaders open) {
    Duration serverCpu = server.process().cpu();
    Duration loadCpu = loadCpu();
    Duration machineCpu = ServerProcess.machineCpu();
    long start = Clock.now();
    long deliveries = publishing.get().events() * readersEach;
    open.awaitEvents(deliveries, DELIVERED_WITHIN);
    return new Delivered(
        deliveries,
        Duration.ofNanos(open.lastEventAt() - start),
        server.process().cpu().minus(serverCpu),
        loadCpu().minus(loadCpu),
        ServerProcess.machineCpu().minus(machineCpu),
        open.takeAges());
  }

  private static Duration loadCpu() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? Duration.ofNanos(system.getProcessCpuTime())
        : Duration.ZERO;
  }
}
