package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.payload.PayloadDecoder;
import io.galerne.client.publish.BatchingPublisher;
import io.galerne.client.publish.OutgoingEvent;
import io.galerne.client.publish.PublishListener;
import io.galerne.client.stream.Disconnect;
import io.galerne.client.stream.Ending;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.StreamListener;
import io.galerne.protocol.StreamEvent;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Any failure, even a class that is missing at run time, reaches the waiting caller.
@Timeout(60)
class ErrorsReachWhoWaitsTest {
  private static final HttpHook BROKEN =
      new HttpHook() {
        @Override
        public void beforeRequest(String operation, HttpRequest.Builder request) {
          throw missing();
        }
      };

  /// As the JVM throws it for a class that existed at compile time.
  private static NoClassDefFoundError missing() {
    return new NoClassDefFoundError("com/fasterxml/jackson/annotation/JsonSerializeAs");
  }

  private static final ScriptedServer.Script ANSWER =
      wire -> wire.json(200, "{\"status\":\"success\",\"message\":null,\"events_received\":1}");

  private static void assertFails(ThrowingCallable waiting) {
    assertThatThrownBy(waiting).hasRootCauseInstanceOf(NoClassDefFoundError.class);
  }

  private static final class Subscriber implements Flow.Subscriber<StreamEvent> {
    final CompletableFuture<Void> done = new CompletableFuture<>();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(StreamEvent event) {}

    @Override
    public void onError(Throwable failure) {
      done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      done.complete(null);
    }
  }

  @Test
  void subscribersOfAStream() {
    Subscriber subscriber = new Subscriber();
    try (Mistral mistral = Mistral.builder().hook(BROKEN).build()) {
      mistral.async().events().getStreamEventsPublisher(b -> {}).subscribe(subscriber);

      assertFails(() -> subscriber.done.get(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void subscribersWhoseExecutorFails() {
    Subscriber subscriber = new Subscriber();
    try (Mistral mistral =
        Mistral.builder()
            .executor(task -> {
              throw missing();
            })
            .build()) {
      mistral.async().events().getStreamEventsPublisher(b -> {}).subscribe(subscriber);

      assertFails(() -> subscriber.done.get(30, TimeUnit.SECONDS));
      assertFails(
          () -> mistral.async().events().getStreamEvents(b -> {}).get(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void callersOfAsynchronousCalls() {
    try (Mistral mistral = Mistral.builder().hook(BROKEN).build()) {
      assertFails(
          () -> mistral.async().events().getStreamEvents(b -> {}).get(30, TimeUnit.SECONDS));
      assertFails(
          () -> mistral.async().events().getWorkflowEvents(b -> {}).get(30, TimeUnit.SECONDS));
      assertFails(() ->
          mistral
              .async()
              .events()
              .sendEvent(b -> b.event(Samples.event(1)))
              .get(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void callersWhoseResponseCannotBeParsed() {
    PayloadDecoder decoder =
        PayloadDecoder.builder()
            .store(key -> {
              throw missing();
            })
            .build();
    String page =
        Samples.page(null, Samples.event(1))
            .replace("\"encoding_options\":null", "\"encoding_options\":[\"offloaded\"]")
            .replace("{\"pages\":[1,2.50,\"é\"]}", "\"eyJrZXkiOiJrIn0=\"");
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.json(200, page));
        Mistral mistral = server.client().decodePayloads(decoder).build()) {
      assertFails(
          () -> mistral.async().events().getWorkflowEvents(b -> {}).get(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void callersWhoseHookFailsAfterTheResponse() {
    HttpHook broken =
        new HttpHook() {
          @Override
          public void afterResponse(
              String operation, HttpRequest request, int status, HttpHeaders headers) {
            throw missing();
          }
        };
    try (ScriptedServer server = ScriptedServer.of(ANSWER, wire -> wire.stream().stall());
        Mistral mistral = server.client().hook(broken).build()) {
      assertFails(() ->
          mistral
              .async()
              .events()
              .sendEvent(b -> b.event(Samples.event(1)))
              .get(30, TimeUnit.SECONDS));
      assertFails(
          () -> mistral.async().events().getStreamEvents(b -> {}).get(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void readersOfAStreamWhoseListenerFails() {
    StreamListener listener =
        new StreamListener() {
          @Override
          public void onDisconnect(Disconnect disconnect) {
            throw missing();
          }
        };
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.stream().events(1).cut());
        Mistral mistral = server.client().build();
        EventStream stream = mistral.events().getStreamEvents(b -> b.listener(listener))) {
      assertThatThrownBy(() -> Heard.sequences(stream)).isInstanceOf(NoClassDefFoundError.class);
      assertThatThrownBy(() -> stream.iterator().hasNext())
          .as("once more")
          .isInstanceOf(NoClassDefFoundError.class);
      assertThat(stream.ending()).contains(Ending.FAILED);
    }
  }

  @Test
  void publishersOfEvents() throws Exception {
    List<Throwable> heard = new CopyOnWriteArrayList<>();
    PublishListener listener =
        new PublishListener() {
          @Override
          public void onFailed(List<OutgoingEvent> events, RuntimeException failure) {
            heard.add(failure);
            throw missing(); // must not stop the publisher either
          }
        };
    HttpHook brokenOnce =
        new HttpHook() {
          private boolean broken = true;

          @Override
          public void beforeRequest(String operation, HttpRequest.Builder request) {
            if (broken) {
              broken = false;
              throw missing();
            }
          }
        };
    try (ScriptedServer server = ScriptedServer.of(ANSWER);
        Mistral mistral = server.client().hook(brokenOnce).build();
        BatchingPublisher publisher =
            mistral.events().batchingPublisher(b -> b.listener(listener))) {
      CompletableFuture<Void> first = publisher.send(Samples.event(1));
      assertThatThrownBy(() -> first.get(30, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseInstanceOf(NoClassDefFoundError.class);

      publisher.send(Samples.event(2)).get(30, TimeUnit.SECONDS);
      publisher.flush().get(30, TimeUnit.SECONDS);
      assertThat(heard).singleElement().satisfies(e -> assertThat(e).hasRootCause(e.getCause()));
    }
  }
}
