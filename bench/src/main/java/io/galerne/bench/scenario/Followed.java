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
import java.util.Locale;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/// A server with readers that follow some executions, and publishers that publish to these. It is
/// warmed up by the first run; measure the second.
final class Followed implements AutoCloseable {
  private static final Duration OPEN_WITHIN = Duration.ofMinutes(1);
  private static final Duration DELIVERED_WITHIN = Duration.ofMinutes(2);

  /// What one run delivered, and what that cost.
  ///
  /// @param elapsed from the first publish to the last delivery
  /// @param machineCpu of everybody, so that a disturbed run shows
  /// @param age nanoseconds from the intended publishing to the delivery
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

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%,d deliveries in %.2f s, %,.0f/s, %,.0f per CPU-s; p50 %.2f, p99 %.2f, max %.2f ms; "
              + "CPU of the server %.2f s, of the load %.2f s, of everybody %.2f s",
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
  private final SseReaders readers;
  private final Publishers publishers;
  private final long deliveriesPerEvent;

  /// Connects everybody.
  ///
  /// @param executions executions that get events, in turns
  /// @param readersEach readers that follow each
  Followed(Lab lab, EventServer server, int executions, int readersEach, int connections) {
    this(lab, server, server, executions, readersEach, connections);
  }

  /// Connects publishers to one server, and readers to another that serves the same log and whose
  /// CPU is counted.
  Followed(
      Lab lab,
      EventServer published,
      EventServer server,
      int executions,
      int readersEach,
      int connections) {
    this.server = server;
    this.deliveriesPerEvent = readersEach;
    this.readers =
        SseReaders.open(
            lab.readersLoop(),
            server.address(),
            executions * readersEach,
            reader -> server.stream(reader / readersEach),
            OPEN_WITHIN);
    this.publishers =
        Publishers.connect(
            lab.publishersLoop(),
            published.address(),
            connections,
            new EventRequests(published.publish(), executions));
  }

  /// Publishes at a fixed rate, and waits until everything is delivered.
  Delivered atRate(double perSecond, Duration duration) {
    return run(() -> publishers.atRate(perSecond, duration));
  }

  /// Publishes so many events as fast as the connections can, and waits until everything is
  /// delivered.
  Delivered burst(long events) {
    return run(() -> publishers.requests(events, DELIVERED_WITHIN));
  }

  /// Publishes for so long as fast as the connections can, and waits until everything is delivered.
  Delivered asFastAsPossible(Duration duration) {
    return run(() -> publishers.during(duration));
  }

  private Delivered run(Supplier<Publishers.Published> publishing) {
    var _ = readers.takeAges();
    long before = readers.frames();
    Duration serverCpu = server.process().cpu();
    Duration loadCpu = loadCpu();
    Duration machineCpu = ServerProcess.machineCpu();
    long start = Clock.now();
    long deliveries = publishing.get().events() * deliveriesPerEvent;
    readers.awaitFrames(before + deliveries, DELIVERED_WITHIN);
    return new Delivered(
        deliveries,
        Duration.ofNanos(readers.lastFrameAt() - start),
        server.process().cpu().minus(serverCpu),
        loadCpu().minus(loadCpu),
        ServerProcess.machineCpu().minus(machineCpu),
        readers.takeAges());
  }

  private static Duration loadCpu() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? Duration.ofNanos(system.getProcessCpuTime())
        : Duration.ZERO;
  }

  @Override
  public void close() {
    publishers.close();
    readers.close();
  }
}
