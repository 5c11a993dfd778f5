package io.galerne.server.log.embedded;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.SampleEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// More events than the disk can write. A latch stalls the simulated disk.
class OverloadTest {
  private static final int MEGABYTE = 1 << 20;

  @TempDir private Path temporary;
  private final CountDownLatch diskWorks = new CountDownLatch(1);

  private EmbeddedEventLog openWithAStalledDisk() {
    EmbeddedEventLog log = EmbeddedLogs.in(temporary.resolve("log")).open();
    log.follow(commit -> {
      try {
        diskWorks.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    log.append(List.of(SampleEvent.any().record("acme")));
    await().until(() -> log.stats().pendingEvents() == 0); // it is being committed
    return log;
  }

  @Test
  void refusesAppendsWhenTheQueueIsFull() throws Exception {
    EventRecord large = large();
    List<CompletableFuture<long[]>> taken = new ArrayList<>();
    try (EmbeddedEventLog log = openWithAStalledDisk()) {
      CompletableFuture<long[]> answer = log.append(List.of(large()));
      while (!answer.isDone()) {
        taken.add(answer);
        assertThat(log.stats().pendingEvents()).isEqualTo(taken.size());
        assertThat(taken).hasSizeLessThan(100);
        answer = log.append(List.of(large()));
      }
      CompletableFuture<long[]> refused = answer;
      assertThatThrownBy(() -> refused.get(1, SECONDS))
          .hasCauseInstanceOf(LogUnavailableException.class)
          .hasMessageContaining("slow down");
      assertThat((long) taken.size() * large.length()).isGreaterThan(48L * MEGABYTE);

      diskWorks.countDown();
      for (CompletableFuture<long[]> each : taken) {
        assertThat(each.get(30, SECONDS)).hasSize(1);
      }
      assertThat(append(log, SampleEvent.any().record("acme"))).hasSize(1);
      assertThat(readAll(log, "acme")).hasSize(taken.size() + 2);
    }
  }

  @Test
  void acceptsABatchLargerThanTheQueue() {
    List<EventRecord> batch = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      batch.add(large());
    }
    try (EmbeddedEventLog log = EmbeddedLogs.in(temporary.resolve("log")).open()) {
      assertThat(append(log, batch)).hasSize(70);
    }
  }

  private static EventRecord large() {
    return SampleEvent.any().with("large", "\"" + "x".repeat(MEGABYTE) + "\"").record("acme");
  }
}
