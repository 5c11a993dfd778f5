package io.galerne.server.log.embedded;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.SampleEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log whose committing thread has died of an internal error.
class StoppedLogTest {
  @TempDir private Path temporary;

  @Test
  void refusesQueuedAndNewAppends() throws Exception {
    CountDownLatch allWait = new CountDownLatch(1);
    try (EmbeddedEventLog log = EmbeddedLogs.in(temporary.resolve("log")).open()) {
      log.follow(commit -> {
        try {
          allWait.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("An error caused by the test");
      });
      List<CompletableFuture<long[]>> waiting =
          Stream.generate(() -> log.append(List.of(SampleEvent.any().record("acme"))))
              .limit(5)
              .toList();
      allWait.countDown();
      for (CompletableFuture<long[]> each : waiting) {
        assertRefused(each);
      }
      assertRefused(log.append(List.of(SampleEvent.any().record("acme"))));
      assertThat(log.health().ready()).isFalse();
    }
  }

  private static void assertRefused(CompletableFuture<long[]> answer) {
    assertThatThrownBy(() -> answer.get(10, SECONDS))
        .hasCauseInstanceOf(LogUnavailableException.class)
        .hasMessageContaining("restart the server");
  }
}
