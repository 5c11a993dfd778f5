package io.galerne.server;

import static io.galerne.server.RunningServer.BATCH;
import static io.galerne.server.RunningServer.LIST;
import static io.galerne.server.RunningServer.STREAM;
import static io.galerne.server.RunningServer.STREAM_EVENT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.protocol.SseMessage;
import io.galerne.server.StreamReader.End;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Stops a server under load.
@Timeout(120)
@ExtendWith(QuietServer.class)
class ShutdownTest {
  private static final int PUBLISHERS = 4;
  private static final int READERS = 10;
  private static final int CONNECTIONS = 40;
  private static final int ANSWERS_BEFORE_THE_STOP = 400;
  private static final Duration MOST_TO_STOP = Duration.ofSeconds(10);

  @TempDir Path folder;

  private final Map<Long, String> answered = new LinkedHashMap<>();
  private final ConcurrentLinkedQueue<String> oddAnswers = new ConcurrentLinkedQueue<>();
  private final CountDownLatch enough = new CountDownLatch(ANSWERS_BEFORE_THE_STOP);

  @Test
  void streamsEndBetweenFramesAndAnsweredEventsAreKept() throws Exception {
    List<StreamReader> readers = new ArrayList<>();
    RunningServer server = RunningServer.start(folder);
    for (int i = 0; i < READERS; i++) {
      readers.add(server.stream(STREAM).open());
    }
    stopUnderLoad(server);

    for (StreamReader reader : readers) {
      assertThat(reader.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(reader.endsBetweenFrames()).isTrue();
      assertThat(reader.messages()).allMatch(message -> message.event().isEmpty());
    }
    List<SseMessage> stored;
    try (RunningServer again = RunningServer.start(folder);
        StreamReader all = again.stream(STREAM).open()) {
      stored = all.await(Integer.parseInt(all.header("Galerne-Head-Sequence")));
    }
    Map<Long, SseMessage> bySequence = new LinkedHashMap<>();
    stored.forEach(message -> bySequence.put(StreamReader.sequence(message), message));
    answered.forEach((sequence, id) ->
        assertThat(bySequence.get(sequence).data()).contains("\"event_id\":\"" + id + "\""));
    for (StreamReader reader : readers) {
      List<String> seen = reader.messages().stream().map(SseMessage::data).toList();
      assertThat(seen).isEqualTo(stored.stream().limit(seen.size()).map(SseMessage::data).toList());
      reader.close();
    }
    assertThat(oddAnswers).isEmpty();
  }

  @Test
  void stalledReadersDoNotDelayTheShutdown() throws Exception {
    List<StreamReader> readers = new ArrayList<>();
    RunningServer server = RunningServer.start(folder);
    for (int i = 0; i < READERS; i++) {
      readers.add(server.stream(STREAM).receiveBuffer(4096).open());
      readers.getLast().stall();
    }
    for (int i = 0; i < 40; i++) {
      server.publish(SampleEvents.large("large" + i, "run-1", 512 * 1024));
    }
    stopUnderLoad(server);
    for (StreamReader reader : readers) {
      reader.goOn();
      reader.awaitEnd();
      assertThat(reader.sequences()).isSorted().doesNotHaveDuplicates();
      reader.close();
    }
    assertThat(oddAnswers).isEmpty();
  }

  @Test
  void anAnswerInProgressIsSentCompletely() throws Exception {
    RunningServer server = RunningServer.start(folder);
    for (int i = 0; i < 20; i++) {
      server.publish(SampleEvents.large("large" + i, "run-1", 900_000));
    }
    try (RawConnection connection = server.connect()) {
      connection.send("GET " + LIST + "?limit=1000 HTTP/1.1\r\nHost: test\r\n\r\n");
      assertThat(connection.head().status()).isEqualTo(200);
      Thread stopping = Thread.ofVirtual().start(server::stop);
      await().until(() -> !accepts(server));
      assertThat(connection.chunks()).hasSizeGreaterThan(16 << 20).endsWith("}");
      assertThat(connection.rest()).isEmpty();
      stopping.join();
    }
    server.close();
  }

  @Test
  void openConnectionsAreAnsweredDuringShutdown() throws Exception {
    RunningServer server =
        RunningServer.start(folder, RunningServer.config().shutdownGrace(Duration.ofSeconds(60)));
    List<Future<Void>> publishing = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CONNECTIONS; i++) {
        String name = "c" + i;
        RawConnection connection = server.connect();
        publishing.add(threads.submit(() -> publishUntilAskedToClose(connection, name)));
      }
      enough.await();
      server.stop();
      for (Future<Void> one : publishing) {
        one.get(); // fails if a request has no answer
      }
    }
    server.close();
    try (RunningServer again = RunningServer.start(folder);
        StreamReader all = again.stream(STREAM).open()) {
      Map<Long, String> stored = new LinkedHashMap<>();
      all.await(Integer.parseInt(all.header("Galerne-Head-Sequence")))
          .forEach(message -> stored.put(StreamReader.sequence(message), message.data()));
      assertThat(answered).hasSizeGreaterThanOrEqualTo(ANSWERS_BEFORE_THE_STOP);
      answered.forEach((sequence, id) ->
          assertThat(stored.get(sequence)).contains("\"event_id\":\"" + id + "\""));
    }
  }

  private Void publishUntilAskedToClose(RawConnection connection, String name) {
    try (connection) {
      for (int i = 0; true; i++) {
        String id = name + "-" + i;
        String body = SampleEvents.streamEvent(SampleEvents.event(id, "r"));
        RawConnection.Answer answer =
            connection
                .send(
                    "POST "
                        + STREAM_EVENT
                        + " HTTP/1.1\r\nHost: test\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body)
                .answer();
        assertThat(answer.status()).isEqualTo(200);
        synchronized (answered) {
          answered.put(Long.parseLong(answer.text().replaceAll("\\D", "")), id);
        }
        enough.countDown();
        if (answer.header("Connection").equals(Optional.of("close"))) {
          assertThat(connection.rest()).isEmpty();
          return null;
        }
      }
    }
  }

  @Test
  void anIdleConnectionEndsAfterTheGrace() throws Exception {
    RunningServer server =
        RunningServer.start(folder, RunningServer.config().shutdownGrace(Duration.ofMillis(100)));
    try (RawConnection idle = server.connect();
        RawConnection used = server.connect()) {
      used.send("GET /health/live HTTP/1.1\r\nHost: test\r\n\r\n");
      assertThat(used.answer().status()).isEqualTo(200);
      Thread stopping = Thread.ofVirtual().start(server::stop);
      assertThat(idle.rest()).isEmpty();
      assertThat(used.rest()).isEmpty();
      assertThat(accepts(server)).isFalse();
      idle.sendWhileWanted("GET /health/live HTTP/1.1\r\nHost: test\r\n\r\n".getBytes(UTF_8));
      stopping.join();
    }
    server.close();
  }

  private static boolean accepts(RunningServer server) {
    try (RawConnection _ = server.connect()) {
      return true;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /// Disconnected publishers do not wait for their answers, and neither does the server.
  @Test
  void commitsDuringShutdownAreNotErrors() throws Exception {
    for (int round = 0; round < 5; round++) {
      RunningServer server = RunningServer.start(folder);
      List<RawConnection> publishers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String name = "r" + round + "-p" + i + "-";
        List<String> events =
            IntStream.range(0, 300).mapToObj(k -> SampleEvents.event(name + k, "run-1")).toList();
        String body = SampleEvents.batch(events);
        publishers.add(
            server
                .connect()
                .send(
                    "POST "
                        + BATCH
                        + " HTTP/1.1\r\nHost: test\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body));
      }
      double before = round * 12_000;
      await().until(() -> server.metric("galerne_log_head") > before);
      publishers.forEach(RawConnection::close);
      server.close();
    }
  }

  private void stopUnderLoad(RunningServer server) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        ExecutorService threads = Executors.newFixedThreadPool(PUBLISHERS)) {
      List<Future<?>> publishing = new ArrayList<>();
      for (int i = 0; i < PUBLISHERS; i++) {
        String name = "p" + i;
        publishing.add(threads.submit(() -> publishUntilItEnds(client, server, name)));
      }
      enough.await();
      long start = System.nanoTime();
      server.stop();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(MOST_TO_STOP);
      for (Future<?> one : publishing) {
        one.get();
      }
    }
    server.close();
  }

  private Void publishUntilItEnds(HttpClient client, RunningServer server, String name)
      throws InterruptedException {
    for (int i = 0; true; i++) {
      String id = name + "-" + i;
      HttpRequest request =
          HttpRequest.newBuilder(server.uri().resolve(STREAM_EVENT))
              .POST(BodyPublishers.ofString(SampleEvents.streamEvent(SampleEvents.event(id, "r"))))
              .build();
      try {
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
          synchronized (answered) {
            answered.put(Long.parseLong(answer.body().replaceAll("\\D", "")), id);
          }
          enough.countDown();
        } else {
          oddAnswers.add(answer.statusCode() + " " + answer.body());
        }
      } catch (IOException _) {
        return null; // the server is down
      }
    }
  }
}
