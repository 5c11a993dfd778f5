package io.galerne.client;

import io.galerne.client.internal.http.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Time that passes only when the test advances it.
final class ManualTime implements Time {
  private record Alarm(long at, CompletableFuture<Void> done) {}

  private final List<Alarm> alarms = new ArrayList<>();
  private long nanos;

  @Override
  public synchronized Instant now() {
    return FakeTime.BEGIN.plusNanos(nanos);
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public CompletableFuture<Void> after(Duration delay) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (delay.isZero()) {
      done.complete(null);
      return done;
    }
    synchronized (this) {
      alarms.add(new Alarm(nanos + delay.toNanos(), done));
    }
    return done;
  }

  /// Whether a thread waits.
  synchronized boolean isAwaited() {
    return alarms.stream().anyMatch(alarm -> !alarm.done().isDone());
  }

  void pass(Duration time) {
    List<Alarm> due;
    synchronized (this) {
      nanos += time.toNanos();
      due = alarms.stream().filter(alarm -> alarm.at() <= nanos).toList();
      alarms.removeAll(due);
    }
    due.forEach(alarm -> alarm.done().complete(null));
  }
}
