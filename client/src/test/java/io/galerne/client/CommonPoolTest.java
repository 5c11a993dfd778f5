package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.error.ConnectionException;
import io.galerne.client.error.RequestTimeoutException;
import io.galerne.client.stream.EventStream;
import io.galerne.protocol.Event;
import io.galerne.protocol.StreamEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The client works even if every thread of the common pool is blocked, such as by callers that
/// wait for it there: on a small machine, the pool has one thread.
@Timeout(30)
class CommonPoolTest {
  private final CountDownLatch release = new CountDownLatch(1);

  @BeforeEach
  void blockTheCommonPool() {
    int threads = Math.max(1, ForkJoinPool.getCommonPoolParallelism());
    CountDownLatch blocked = new CountDownLatch(threads);
    IntStream.range(0, threads)
        .forEach(i ->
            ForkJoinPool.commonPool()
                .execute(() -> {
                  blocked.countDown();
                  while (release.getCount() > 0) {
                    // parked without the pool's knowledge
                    LockSupport.parkNanos(1_000_000);
                  }
                }));
    awaitUninterruptibly(blocked);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void release() {
    release.countDown();
  }

  @Test
  void callsCompleteAndAreRetried() {
    Retries retries = Retries.builder().initialDelay(Duration.ofMillis(1)).build();
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.json(503, "{\"detail\":\"busy\"}", "retry-after-ms: 1"),
                wire -> wire.json(200, "{\"events\":[],\"next_cursor\":null}"));
        Mistral mistral = server.client().retries(retries).build()) {
      assertThat(mistral.events().getWorkflowEvents(b -> {}).items()).isEmpty();
    }
  }

  @Test
  void streamsReconnect() {
    Reconnection soon = Reconnection.builder().initialDelay(Duration.ofMillis(1)).build();
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.stream().events(1).cut(), wire -> wire.stream().events(2).stall());
        Mistral mistral = server.client().reconnection(soon).build();
        EventStream stream = mistral.events().getStreamEvents(b -> {})) {
      List<Long> sequences = stream.stream().limit(2).map(StreamEvent::brokerSequence).toList();

      assertThat(sequences).containsExactly(1L, 2L);
    }
  }

  @Test
  void aRefusedConnectionIsReported() {
    ScriptedServer gone = ScriptedServer.of();
    gone.close();
    try (Mistral mistral = gone.client().build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .isInstanceOf(ConnectionException.class);
      assertThatThrownBy(() -> mistral.events().getStreamEvents(b -> {}))
          .isInstanceOf(ConnectionException.class);
    }
  }

  @Test
  void aConnectionThatBreaksBeforeTheResponseIsReported() {
    try (ScriptedServer server = ScriptedServer.endingWith(ScriptedServer.Wire::cut);
        Mistral mistral = server.client().build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .isInstanceOf(ConnectionException.class);
      assertThatThrownBy(() -> mistral.events().getStreamEvents(b -> {}))
          .isInstanceOf(ConnectionException.class);
    }
  }

  @Test
  void aTimeoutIsReported() {
    try (ScriptedServer server = ScriptedServer.endingWith(ScriptedServer.Wire::stall);
        Mistral mistral = server.client().requestTimeout(Duration.ofMillis(100)).build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .isInstanceOf(RequestTimeoutException.class);
      assertThatThrownBy(() -> mistral.events().getStreamEvents(b -> {}))
          .isInstanceOf(RequestTimeoutException.class);
    }
  }

  @Test
  void closingFailsPendingCalls() {
    try (ScriptedServer server = ScriptedServer.endingWith(ScriptedServer.Wire::stall);
        Mistral mistral = server.client().build()) {
      CompletableFuture<Page<Event>> page = mistral.async().events().getWorkflowEvents(b -> {});

      mistral.close();

      assertThatThrownBy(page::join).hasCauseInstanceOf(ConnectionException.class);
    }
  }
}
