package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.error.ApiException;
import io.galerne.client.stream.EventStream;
import io.galerne.protocol.StreamEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class StreamPublisherTest {
  /// Records its signals; requests nothing on its own.
  private static final class Subscriber implements Flow.Subscriber<StreamEvent> {
    final List<Long> sequences = new CopyOnWriteArrayList<>();
    final CompletableFuture<Void> done = new CompletableFuture<>();
    final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription.complete(subscription);
    }

    @Override
    public void onNext(StreamEvent event) {
      sequences.add(event.brokerSequence());
    }

    @Override
    public void onError(Throwable failure) {
      done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      done.complete(null);
    }
  }

  private final Subscriber subscriber = new Subscriber();

  @Test
  void deliversAsManyEventsAsRequested() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.of(wire ->
                wire.stream()
                    .events(1, 2, 3)
                    .chunked(Samples.frame(4, Samples.completed("root", 4)))
                    .stall());
        Mistral mistral = server.client().build()) {
      mistral
          .async()
          .events()
          .getStreamEventsPublisher(b -> b.untilTerminal())
          .subscribe(subscriber);
      assertThat(subscriber.sequences).isEmpty();

      subscriber.subscription.get().request(2);
      Awaitility.await().until(() -> subscriber.sequences.size() >= 2);
      assertThat(subscriber.sequences).containsExactly(1L, 2L);

      subscriber.subscription.get().request(Long.MAX_VALUE);
      subscriber.done.get(30, TimeUnit.SECONDS);
      assertThat(subscriber.sequences).containsExactly(1L, 2L, 3L, 4L);
    }
  }

  @Test
  void cancellingClosesTheStream() throws Exception {
    CompletableFuture<Void> left = new CompletableFuture<>();
    try (ScriptedServer server =
            ScriptedServer.of(wire -> {
              wire.stream().events(1).stall();
              left.complete(null);
            });
        Mistral mistral = server.client().build()) {
      mistral.async().events().getStreamEventsPublisher(b -> {}).subscribe(subscriber);
      subscriber.subscription.get().request(10);
      Awaitility.await().until(() -> !subscriber.sequences.isEmpty());

      subscriber.subscription.get().cancel();

      left.handle((done, failure) -> true).get(30, TimeUnit.SECONDS);
      assertThat(subscriber.done).isNotDone();
    }
  }

  @Test
  void completesIfExactlyTheEventsWereRequested() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.of(wire ->
                wire.stream().chunked(Samples.frame(1, Samples.completed("r", 1))).stall());
        Mistral mistral = server.client().time(new FakeTime()).build()) {
      mistral
          .async()
          .events()
          .getStreamEventsPublisher(b -> b.untilTerminal())
          .subscribe(subscriber);
      subscriber.subscription.get().request(1);

      subscriber.done.get(30, TimeUnit.SECONDS);
      assertThat(subscriber.sequences).containsExactly(1L);
    }
  }

  @Test
  void closingTheClientDeliversNoUnrequestedEvents() throws Exception {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.stream().events(1, 2).stall());
        Mistral mistral = server.client().build()) {
      mistral.async().events().getStreamEventsPublisher(b -> {}).subscribe(subscriber);
      subscriber.subscription.get().request(1);
      Awaitility.await().until(() -> subscriber.sequences.size() == 1);

      mistral.close();

      subscriber.done.get(30, TimeUnit.SECONDS);
      assertThat(subscriber.sequences).containsExactly(1L);
    }
  }

  @Test
  void failsAsTheStreamDoes() {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.json(403, "{}"));
        Mistral mistral = server.client().build()) {
      mistral.async().events().getStreamEventsPublisher(b -> {}).subscribe(subscriber);

      assertThatThrownBy(() -> subscriber.done.get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ApiException.class);
    }
  }

  @Test
  void refusesANonPositiveRequest() throws Exception {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.stream().stall());
        Mistral mistral = server.client().build()) {
      mistral.async().events().getStreamEventsPublisher(b -> {}).subscribe(subscriber);
      subscriber.subscription.get().request(0);

      assertThatThrownBy(() -> subscriber.done.get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void opensAStreamAsynchronously() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.of(wire ->
                wire.stream().chunked(Samples.frame(1, Samples.completed("r", 1))).stall());
        Mistral mistral = server.client().build();
        EventStream stream =
            mistral.async().workflows().executions().stream("r", b -> {})
                .get(30, TimeUnit.SECONDS)) {
      assertThat(Heard.sequences(stream)).containsExactly(1L);
    }
  }
}
