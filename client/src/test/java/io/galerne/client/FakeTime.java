package io.galerne.client;

import io.galerne.client.internal.http.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/// Time that passes only while somebody waits, and then at once.
final class FakeTime implements Time {
  static final Instant BEGIN = Instant.parse("2026-11-24T10:00:00Z");

  private final AtomicLong nanos = new AtomicLong();
  private final List<Duration> waits = new CopyOnWriteArrayList<>();

  @Override
  public Instant now() {
    return BEGIN.plusNanos(nanos.get());
  }

  @Override
  public long nanos() {
    return nanos.get();
  }

  @Override
  public CompletableFuture<Void> after(Duration delay) {
    waits.add(delay);
    nanos.addAndGet(delay.toNanos());
    return CompletableFuture.completedFuture(null);
  }

  /// The duration of each wait.
  List<Duration> waits() {
    return List.copyOf(waits);
  }

  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
