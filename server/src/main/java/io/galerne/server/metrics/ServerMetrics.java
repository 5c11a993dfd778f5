package io.galerne.server.metrics;

import io.galerne.server.live.LiveMeter;
import io.galerne.server.log.Commit;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.StreamProgress;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/// The server's metrics, for Prometheus. Thread-safe.
public final class ServerMetrics implements LiveMeter, AutoCloseable {
  /// Upper bounds of the histogram buckets, chosen around the latency targets.
  private static final Duration[] BOUNDS = {
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2),
    Duration.ofSeconds(10)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final LongAdder publishedEvents = new LongAdder();
  private final LongAdder publishedBytes = new LongAdder();
  private final LongAdder deliveredEvents = new LongAdder();
  private final LongAdder deliveredBytes = new LongAdder();
  private final Map<EventLoop, Readers> readers = new ConcurrentHashMap<>();
  private final Map<RequestKind, Counter> requests = new ConcurrentHashMap<>();
  private final Timer commitLatency;
  private final Timer deliveryLatency;

  private record Readers(int live, int behind, long lag) {}

  private record RequestKind(String operation, int status) {}

  public ServerMetrics(EventLog log) {
    Gauge.builder("galerne.info", () -> 1)
        .description("1; its labels name the version and the engine of the log")
        .tag("version", version())
        .tag("engine", log.engine())
        .register(registry);
    counter("galerne.published.events", "Events made durable, without repeats", publishedEvents);
    counter("galerne.published.bytes", "Bytes of these events as stored", publishedBytes);
    counter("galerne.delivered.events", "Frames written to readers", deliveredEvents);
    counter("galerne.delivered.bytes", "Bytes of these frames", deliveredBytes);
    gauge("galerne.readers.live", "Readers that wait for new events", r -> sum(Readers::live));
    gauge("galerne.readers.behind", "Readers that are catching up", r -> sum(Readers::behind));
    gauge(
        "galerne.readers.lag",
        "Sequences that the slowest reader is behind",
        r -> readers.values().stream().mapToLong(Readers::lag).max().orElse(0));
    gauge("galerne.log.head", "Highest durable sequence", r -> log.range().head());
    gauge("galerne.log.oldest", "Oldest retained sequence", r -> log.range().oldest());
    gauge("galerne.log.bytes", "Approximate size of the log", r -> log.stats().bytes());
    gauge(
        "galerne.log.pending.events",
        "Events accepted and not yet durable",
        r -> log.stats().pendingEvents());
    gauge(
        "galerne.log.ready",
        "1 while the log takes events, otherwise 0",
        r -> log.health().ready() ? 1 : 0);
    log.progress()
        .ifPresent(shared -> {
          progress(
              "head", "Last message of the stream known to this node", log, StreamProgress::head);
          progress("applied", "Last message applied here", log, StreamProgress::applied);
        });
    this.commitLatency =
        timer("galerne.commit.latency", "From accepting the oldest event of a commit to durable");
    this.deliveryLatency =
        timer(
            "galerne.delivery.latency",
            "From accepting the oldest event of a commit to its frames handed to sockets");
  }

  private void counter(String name, String description, LongAdder adder) {
    FunctionCounter.builder(name, adder, LongAdder::sum)
        .description(description)
        .register(registry);
  }

  private void gauge(String name, String description, ToDoubleFunction<ServerMetrics> value) {
    Gauge.builder(name, this, value).description(description).register(registry);
  }

  private void progress(
      String name, String description, EventLog log, ToDoubleFunction<StreamProgress> value) {
    gauge(
        "galerne.stream." + name,
        description,
        r -> log.progress().map(value::applyAsDouble).orElse(Double.NaN));
  }

  private static String version() {
    String version = ServerMetrics.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name)
        .description(description)
        .serviceLevelObjectives(BOUNDS)
        .register(registry);
  }

  private double sum(ToDoubleFunction<Readers> part) {
    return readers.values().stream().mapToDouble(part).sum();
  }

  /// Counts a durable commit.
  public void committed(Commit commit) {
    publishedEvents.add(commit.size());
    long bytes = 0;
    for (var event : commit.events()) {
      bytes += event.length();
    }
    publishedBytes.add(bytes);
    commitLatency.record(System.nanoTime() - commit.acceptedNanos(), TimeUnit.NANOSECONDS);
  }

  /// Counts an answered request.
  public void answered(String operation, int status) {
    requests
        .computeIfAbsent(
            new RequestKind(operation, status),
            kind ->
                Counter.builder("galerne.http.requests")
                    .description("Requests answered; a stream counts when it opens")
                    .tag("operation", kind.operation())
                    .tag("status", Integer.toString(kind.status()))
                    .register(registry))
        .increment();
  }

  @Override
  public void written(int events, long bytes) {
    deliveredEvents.add(events);
    deliveredBytes.add(bytes);
  }

  @Override
  public void latency(long nanos) {
    deliveryLatency.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void seen(EventLoop loop, int live, int behind, long lag) {
    readers.put(loop, new Readers(live, behind, lag));
  }

  /// All metrics in Prometheus' text format.
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    registry.close();
  }
}
