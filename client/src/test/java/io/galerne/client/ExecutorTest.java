package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.StreamListener;
import io.galerne.protocol.StreamEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The caller's executor runs the asynchronous calls, and stays open.
@Timeout(60)
class ExecutorTest {
  private static final ScriptedServer.Script PAGE =
      wire -> wire.json(200, "{\"events\":[],\"next_cursor\":null}");

  private final ExecutorService own =
      Executors.newFixedThreadPool(1, task -> new Thread(task, "callers-own"));

  @AfterEach
  void end() {
    own.shutdownNow();
  }

  /// Records the threads that call a subscriber.
  private static final class Threads implements Flow.Subscriber<StreamEvent> {
    private final List<String> names = new CopyOnWriteArrayList<>();
    private final CompletableFuture<List<String>> done = new CompletableFuture<>();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(StreamEvent event) {
      names.add(Thread.currentThread().getName());
    }

    @Override
    public void onError(Throwable failure) {
      done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      done.complete(names);
    }
  }

  @Test
  void callsSubscribersOnTheExecutor() throws Exception {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.stream().events(1, 2).end());
        Mistral mistral = server.client().executor(own).reconnection(Reconnection.off()).build()) {
      Threads threads = new Threads();
      mistral.async().events().getStreamEventsPublisher(b -> {}).subscribe(threads);

      assertThat(threads.done.get(20, TimeUnit.SECONDS))
          .containsExactly("callers-own", "callers-own");
    }
  }

  @Test
  void opensStreamsOnTheExecutor() throws Exception {
    CompletableFuture<String> opened = new CompletableFuture<>();
    StreamListener listener =
        new StreamListener() {
          @Override
          public void onConnect(String url) {
            opened.complete(Thread.currentThread().getName());
          }
        };
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.stream().stall());
        Mistral mistral = server.client().executor(own).build();
        EventStream stream =
            mistral
                .async()
                .events()
                .getStreamEvents(b -> b.listener(listener))
                .get(20, TimeUnit.SECONDS)) {
      assertThat(opened.get(20, TimeUnit.SECONDS)).isEqualTo("callers-own");
      assertThat(stream.ending()).isEmpty();
    }
  }

  @Test
  void callsNeedNoThreadOfTheExecutor() throws Exception {
    try (ScriptedServer server = ScriptedServer.of(PAGE, wire -> wire.stream().events(1).stall());
        Mistral mistral = server.client().executor(own).build()) {
      // The only thread waits for its own calls.
      long sequence =
          own.submit(
                  () -> {
                    mistral.async().events().getWorkflowEvents(b -> {}).join();
                    try (EventStream stream = mistral.events().getStreamEvents(b -> {})) {
                      return stream.iterator().next().brokerSequence();
                    }
                  })
              .get(20, TimeUnit.SECONDS);

      assertThat(sequence).isEqualTo(1);
    }
  }

  @Test
  void staysOpenWhenTheClientIsClosed() throws Exception {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.stream().stall())) {
      Mistral mistral = server.client().executor(own).build();
      mistral.async().events().getStreamEvents(b -> {}).get(20, TimeUnit.SECONDS);

      mistral.close();

      assertThat(own.submit(() -> "still there").get(20, TimeUnit.SECONDS))
          .isEqualTo("still there");
    }
  }

  @Test
  void aRejectingExecutorFailsTheCall() {
    own.shutdown();
    try (Mistral mistral = Mistral.builder().executor(own).build()) {
      Threads threads = new Threads();
      mistral.async().events().getStreamEventsPublisher(b -> {}).subscribe(threads);

      assertThatThrownBy(() -> threads.done.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(RejectedExecutionException.class);
      assertThatThrownBy(
              () -> mistral.async().events().getStreamEvents(b -> {}).get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(RejectedExecutionException.class);
    }
  }
}
