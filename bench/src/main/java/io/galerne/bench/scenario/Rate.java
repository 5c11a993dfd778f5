package io.galerne.bench.scenario;

import io.galerne.bench.load.Publishers.Published;
import io.galerne.bench.server.ServerProcess;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/// The published events, and the server's CPU time for them.
record Rate(Published published, Duration serverCpu) {
  static Rate of(ServerProcess server, Supplier<Published> publishing) {
    Duration before = server.cpu();
    Published published = publishing.get();
    return new Rate(published, server.cpu().minus(before));
  }

  double perSecond() {
    return published.eventsPerSecond();
  }

  double perCpuSecond() {
    return published.events() * 1e9 / Math.max(1, serverCpu.toNanos());
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d events in %.2f s, %,.0f/s, %,.0f per CPU-s",
        published.events(),
        published.elapsed().toNanos() / 1e9,
        perSecond(),
        perCpuSecond());
  }
}
