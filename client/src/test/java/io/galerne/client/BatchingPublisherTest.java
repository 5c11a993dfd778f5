package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.ScriptedServer.Script;
import io.galerne.client.ScriptedServer.Wire;
import io.galerne.client.error.ApiException;
import io.galerne.client.error.ConnectionException;
import io.galerne.client.error.InvalidRequestException;
import io.galerne.client.publish.BatchingPublisher;
import io.galerne.client.publish.OutgoingEvent;
import io.galerne.client.publish.PublishListener;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class BatchingPublisherTest {
  private static final Pattern EVENT_ID = Pattern.compile("\"event_id\":\"event-(\\d+)\"");
  private static final Script TAKE = BatchingPublisherTest::take;

  /// Longer than any test, so that batches are sent for another reason.
  private static final Duration LONG = Duration.ofMinutes(10);

  private final FakeTime time = new FakeTime();

  private static void take(Wire wire) throws IOException {
    wire.json(200, "{\"status\":\"success\",\"message\":null,\"events_received\":1}");
  }

  private static List<Integer> numbers(String body) {
    List<Integer> numbers = new ArrayList<>();
    Matcher matcher = EVENT_ID.matcher(body);
    while (matcher.find()) {
      numbers.add(Integer.parseInt(matcher.group(1)));
    }
    return numbers;
  }

  private static List<List<Integer>> batches(ScriptedServer server) {
    return server.requests().stream().map(request -> numbers(request.body())).toList();
  }

  private Mistral client(ScriptedServer server) {
    return server.client().time(time).random(new WorstLuck()).build();
  }

  private static void get(CompletableFuture<?> future) throws Exception {
    future.get(30, TimeUnit.SECONDS);
  }

  @Test
  void sendsABatchWhenItHasEnoughEvents() throws Exception {
    try (ScriptedServer server = ScriptedServer.endingWith(TAKE);
        Mistral mistral = client(server);
        BatchingPublisher publisher =
            mistral.events().batchingPublisher(b -> b.maxBatchEvents(3).maxDelay(LONG))) {
      CompletableFuture<Void> first = publisher.send(Samples.event(1));
      publisher.send(Samples.event(2));
      publisher.send(Samples.event(3));
      CompletableFuture<Void> fourth = publisher.send(Samples.event(4));

      get(first);
      assertThat(batches(server)).containsExactly(List.of(1, 2, 3));
      assertThat(fourth).isNotDone();
      get(publisher.flush());
      assertThat(fourth).isCompleted();
      assertThat(batches(server)).containsExactly(List.of(1, 2, 3), List.of(4));
    }
  }

  @Test
  void sendsABatchWhenItHasEnoughBytes() throws Exception {
    try (ScriptedServer server = ScriptedServer.endingWith(TAKE);
        Mistral mistral = client(server);
        BatchingPublisher publisher =
            mistral.events().batchingPublisher(b -> b.maxBatchBytes(1).maxDelay(LONG))) {
      get(publisher.send(Samples.event(1)));
      get(publisher.send(Samples.event(2)));

      assertThat(batches(server)).containsExactly(List.of(1), List.of(2));
    }
  }

  @Test
  void sendsABatchAfterTheMaxDelay() throws Exception {
    try (ScriptedServer server = ScriptedServer.endingWith(TAKE);
        Mistral mistral = client(server);
        BatchingPublisher publisher = mistral.events().batchingPublisher()) {
      get(publisher.send(Samples.event(1)));
    }
  }

  @Test
  void keepsTheOrder() throws Exception {
    List<Integer> sent = new ArrayList<>();
    List<Integer> all = new ArrayList<>();
    try (ScriptedServer server = ScriptedServer.endingWith(TAKE);
        Mistral mistral = client(server)) {
      try (BatchingPublisher publisher =
          mistral
              .events()
              .batchingPublisher(b ->
                  b.maxBatchEvents(7)
                      .listener(
                          new PublishListener() {
                            @Override
                            public void onSent(List<OutgoingEvent> events) {
                              events.forEach(e -> sent.addAll(numbers(e.event().text())));
                            }
                          }))) {
        for (int number = 1; number <= 100; number++) {
          publisher.send(Samples.event(number));
          all.add(number);
        }
      }
      assertThat(sent).isEqualTo(all);
      assertThat(batches(server).stream().flatMap(List::stream).toList()).isEqualTo(all);
    }
  }

  @Test
  void refusesOnlyTheInvalidEvents() throws Exception {
    Script picky =
        wire -> {
          List<Integer> numbers = numbers(wire.request().body());
          if (numbers.contains(3)) {
            wire.json(422, "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"bad\",\"type\":\"t\"}]}");
          } else if (numbers.contains(6)) {
            wire.json(413, "{\"detail\":\"too large\"}");
          } else {
            take(wire);
          }
        };
    List<Integer> failed = new CopyOnWriteArrayList<>();
    List<Integer> sent = new CopyOnWriteArrayList<>();
    PublishListener listener =
        new PublishListener() {
          @Override
          public void onSent(List<OutgoingEvent> events) {
            events.forEach(e -> sent.addAll(numbers(e.event().text())));
          }

          @Override
          public void onFailed(List<OutgoingEvent> events, RuntimeException failure) {
            events.forEach(e -> failed.addAll(numbers(e.event().text())));
          }
        };
    try (ScriptedServer server = ScriptedServer.endingWith(picky);
        Mistral mistral = client(server);
        BatchingPublisher publisher =
            mistral
                .events()
                .batchingPublisher(b -> b.maxBatchEvents(8).maxDelay(LONG).listener(listener))) {
      List<CompletableFuture<Void>> results = new ArrayList<>();
      for (int number = 1; number <= 8; number++) {
        results.add(publisher.send(Samples.event(number)));
      }
      get(publisher.flush());

      assertThat(sent).containsExactly(1, 2, 4, 5, 7, 8);
      assertThat(failed).containsExactly(3, 6);
      assertThatThrownBy(() -> get(results.get(2)))
          .hasCauseInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> get(results.get(5))).hasCauseInstanceOf(ApiException.class);
      assertThat(results.get(7)).isCompleted();
    }
  }

  @Test
  void retriesTheSameBatch() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.endingWith(
                TAKE, wire -> wire.json(503, "{}"), wire -> wire.send("HTTP/1.1 200").cut());
        Mistral mistral = client(server);
        BatchingPublisher publisher =
            mistral.events().batchingPublisher(b -> b.maxBatchEvents(2).maxDelay(LONG))) {
      publisher.send(Samples.event(1));
      get(publisher.send(Samples.event(2)));

      assertThat(batches(server)).containsOnly(List.of(1, 2)).hasSize(3);
      assertThat(time.waits()).hasSize(2);
    }
  }

  @Test
  void boundsTheBufferIncludingTheBatchInFlight() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    Script slow =
        wire -> {
          try {
            answer.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          take(wire);
        };
    long room = 3 * (Samples.event(1).json().text().getBytes().length + 256L) + 100;
    try (ScriptedServer server = ScriptedServer.endingWith(slow);
        Mistral mistral = client(server);
        BatchingPublisher publisher =
            mistral.events().batchingPublisher(b -> b.maxBatchEvents(1).maxBufferedBytes(room))) {
      publisher.send(Samples.event(1));
      publisher.send(Samples.event(2));
      publisher.send(Samples.event(3));

      assertThat(publisher.offer(Samples.event(4), Duration.ZERO)).isEmpty();
      answer.countDown();
      Optional<CompletableFuture<Void>> fourth =
          publisher.offer(Samples.event(4), Duration.ofSeconds(30));
      get(fourth.orElseThrow());
      assertThat(batches(server)).containsExactly(List.of(1), List.of(2), List.of(3), List.of(4));
    }
  }

  @Test
  void refusesAnEventLargerThanTheBuffer() {
    try (Mistral mistral = Mistral.builder().build();
        BatchingPublisher publisher =
            mistral.events().batchingPublisher(b -> b.maxBufferedBytes(100))) {
      assertThatThrownBy(() -> publisher.send(Samples.event(1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void closeSendsTheBufferedEvents() throws Exception {
    try (ScriptedServer server = ScriptedServer.endingWith(TAKE);
        Mistral mistral = client(server)) {
      BatchingPublisher publisher = mistral.events().batchingPublisher(b -> b.maxDelay(LONG));
      CompletableFuture<Void> result = publisher.send(Samples.event(1));

      publisher.close();

      assertThat(result).isCompleted();
      assertThatThrownBy(() -> publisher.send(Samples.event(2)))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void closeFailsEventsThatCannotBeSentInTime() throws Exception {
    try (ScriptedServer server = ScriptedServer.endingWith(Wire::stall);
        Mistral mistral = client(server)) {
      BatchingPublisher publisher =
          mistral
              .events()
              .batchingPublisher(b -> b.maxBatchEvents(1).closeTimeout(Duration.ofMillis(200)));
      CompletableFuture<Void> underWay = publisher.send(Samples.event(1));
      CompletableFuture<Void> waiting = publisher.send(Samples.event(2));

      publisher.close();

      assertThatThrownBy(() -> get(underWay)).hasCauseInstanceOf(ConnectionException.class);
      assertThatThrownBy(() -> get(waiting)).hasCauseInstanceOf(ConnectionException.class);
    }
  }
}
