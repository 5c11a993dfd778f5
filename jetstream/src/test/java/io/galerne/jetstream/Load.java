package io.galerne.jetstream;

import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.SampleEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Publishers that append without pauses, and repeat unanswered appends.
final class Load implements AutoCloseable {
  private static final long MOST_SECONDS = 60;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Future<?>> publishers = new ArrayList<>();
  private final Map<String, Long> answered = new ConcurrentHashMap<>();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean stopped;

  /// Starts publishers.
  ///
  /// @param name the prefix of their events' ids
  /// @param log returns the log for each append
  /// @param batch the number of events of an append
  void start(String name, int count, int batch, Supplier<EventLog> log) {
    for (int i = 0; i < count; i++) {
      String own = name + "-" + i;
      publishers.add(
          threads.submit(() -> {
            for (int n = 0; !stopped; n++) {
              publish(own + "-" + n, batch, log);
            }
            return null;
          }));
    }
  }

  private void publish(String name, int batch, Supplier<EventLog> log)
      throws InterruptedException, ExecutionException, TimeoutException {
    List<EventRecord> events = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      events.add(SampleEvent.any().id(name + "/" + i).exec(name).record("acme"));
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    while (true) {
      try {
        long[] sequences = log.get().append(events).get(MOST_SECONDS, TimeUnit.SECONDS);
        for (int i = 0; i < batch; i++) {
          answered.put(name + "/" + i, sequences[i]);
        }
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof LogUnavailableException) || System.nanoTime() > deadline) {
          throw e;
        }
        refused.incrementAndGet();
        TimeUnit.MILLISECONDS.sleep(50); // as Retry-After would ask
      }
    }
  }

  /// Returns the number of answered events.
  int answers() {
    return answered.size();
  }

  /// Returns the number of refused appends.
  int refusals() {
    return refused.get();
  }

  /// Ends the publishers after their answers, and returns the sequence of every event.
  Map<String, Long> finish() throws Exception {
    stopped = true;
    for (Future<?> publisher : publishers) {
      publisher.get(2 * MOST_SECONDS, TimeUnit.SECONDS);
    }
    return Map.copyOf(answered);
  }

  @Override
  public void close() {
    stopped = true;
    threads.shutdownNow();
  }
}
