package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.error.ConnectionException;
import io.galerne.client.stream.Ending;
import io.galerne.client.stream.EventStream;
import io.galerne.protocol.StreamEvent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A closed client leaves nothing behind.
@Timeout(60)
class ClosingTest {
  private static final ScriptedServer.Script PAGE =
      wire -> wire.json(200, "{\"events\":[],\"next_cursor\":null}");

  private static final ScriptedServer.Script STREAM = wire -> wire.stream().events(1).stall();

  private final Set<Thread> before = new HashSet<>();

  @BeforeEach
  void lookWhatRuns() {
    before.addAll(Thread.getAllStackTraces().keySet());
  }

  /// Before Java 21, the thread of a HTTP client ends after a garbage collection.
  private void awaitNoThreadLeft() {
    boolean all = Runtime.version().feature() >= 21;
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(ofClients()).noneMatch(name -> all || name.startsWith("galerne-")));
  }

  private List<String> ofClients() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .filter(name -> name.startsWith("galerne-") || name.startsWith("HttpClient-"))
        .toList();
  }

  @Test
  void leavesNoThreadAfterCalls() {
    try (ScriptedServer server = ScriptedServer.of(PAGE, PAGE)) {
      Mistral mistral = server.client().build();
      mistral.events().getWorkflowEvents(b -> {});
      mistral.async().events().getWorkflowEvents(b -> {}).join();
      assertThat(ofClients()).isNotEmpty();

      mistral.close();

      awaitNoThreadLeft();
    }
  }

  @Test
  void isGarbageCollected() {
    try (ScriptedServer server = ScriptedServer.of(PAGE)) {
      Mistral mistral = server.client().build();
      mistral.events().getWorkflowEvents(b -> {});

      mistral.close();

      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> {
            System.gc();
            assertThat(ofClients()).isEmpty();
          });
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void leavesNoThreadIfNeverUsed() {
    Mistral.builder().build().close();

    awaitNoThreadLeft();
  }

  @Test
  void endsOpenStreamsAndLeavesNoThread() throws Exception {
    try (ScriptedServer server = ScriptedServer.of(STREAM, STREAM)) {
      Mistral mistral = server.client().build();
      EventStream stream = mistral.events().getStreamEvents(b -> {});
      EventStream later = mistral.async().events().getStreamEvents(b -> {}).join();
      CountDownLatch first = new CountDownLatch(1);
      CompletableFuture<Long> read =
          CompletableFuture.supplyAsync(
              () -> stream.stream().peek(event -> first.countDown()).count(),
              task -> new Thread(task, "reader").start());
      assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();

      long began = System.nanoTime();
      mistral.close();

      assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo(1);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
      assertThat(stream.ending()).contains(Ending.CLOSED);
      assertThat(later.ending()).contains(Ending.CLOSED);
      awaitNoThreadLeft();
    }
  }

  @Test
  void failsPendingCallsAndConnectsAndLeavesNoThread() {
    try (ScriptedServer server = ScriptedServer.endingWith(ScriptedServer.Wire::stall)) {
      Mistral mistral = server.client().build();
      CompletableFuture<?> call = mistral.async().events().getWorkflowEvents(b -> {});
      CompletableFuture<?> opening = mistral.async().events().getStreamEvents(b -> {});
      Awaitility.await().until(() -> server.requests().size() == 2);

      mistral.close();

      assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ConnectionException.class);
      assertThat(opening).succeedsWithin(Duration.ofSeconds(20));
      awaitNoThreadLeft();
    }
  }

  @Test
  void completesSubscribersWithoutDemand() throws Exception {
    try (ScriptedServer server = ScriptedServer.of(STREAM)) {
      Mistral mistral = server.client().build();
      CountDownLatch first = new CountDownLatch(1);
      CompletableFuture<Boolean> completed = new CompletableFuture<>();
      mistral
          .async()
          .events()
          .getStreamEventsPublisher(b -> {})
          .subscribe(
              new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                  subscription.request(1);
                }

                @Override
                public void onNext(StreamEvent event) {
                  first.countDown();
                }

                @Override
                public void onError(Throwable failure) {
                  completed.completeExceptionally(failure);
                }

                @Override
                public void onComplete() {
                  completed.complete(true);
                }
              });
      assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();

      mistral.close();

      assertThat(completed.get(20, TimeUnit.SECONDS)).isTrue();
      awaitNoThreadLeft();
    }
  }

  @Test
  void refusesCallsAfterClose() {
    Mistral mistral = Mistral.builder().build();
    mistral.close();
    mistral.close();

    assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> mistral.events().getStreamEvents(b -> {}))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theCallersHttpClientStaysOpen() throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    try (ScriptedServer server = ScriptedServer.of(PAGE, PAGE)) {
      Mistral mistral = server.client().httpClient(http).build();
      mistral.events().getWorkflowEvents(b -> {});

      mistral.close();

      HttpRequest request = HttpRequest.newBuilder(URI.create(server.url())).build();
      assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
      Awaitility.await()
          .untilAsserted(
              () -> assertThat(ofClients()).noneMatch(name -> name.startsWith("galerne-")));
    }
  }

  @Test
  void mayBeClosedByAHook() {
    CompletableFuture<Mistral> itself = new CompletableFuture<>();
    HttpHook closing =
        new HttpHook() {
          @Override
          public void beforeRequest(String operation, HttpRequest.Builder request) {
            itself.join().close();
          }
        };
    Mistral mistral = Mistral.builder().hook(closing).build();
    itself.complete(mistral);

    assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> {}))
        .hasMessageContaining("closed");
    awaitNoThreadLeft();
  }
}
