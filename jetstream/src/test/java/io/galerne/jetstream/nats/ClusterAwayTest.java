package io.galerne.jetstream.nats;

import static io.galerne.server.RunningServer.LIST;
import static io.galerne.server.RunningServer.STREAM;
import static io.galerne.server.RunningServer.STREAM_EVENT;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.jetstream.JetStreamLogs;
import io.galerne.protocol.SseMessage;
import io.galerne.server.QuietServer;
import io.galerne.server.RawConnection;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.ServerConfig;
import io.galerne.server.StreamReader;
import io.galerne.server.StreamReader.End;
import io.galerne.server.log.LogOpenException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A server whose NATS becomes unreachable for a while: publishers are refused, and readers stay
/// and miss nothing.
@Timeout(120)
@ExtendWith(QuietServer.class)
class ClusterAwayTest {
  private static final String USER = "galerne";
  private static final String PASSWORD = "not-for-messages";

  /// More than a server keeps in memory.
  private static final int HISTORY_EVENTS = 4_200;

  private static final int HISTORY_EVENT_BYTES = 9_000;
  private static final int HISTORY_BATCH = 700;

  /// Longer than a request waits for an unreachable cluster, on a busy machine.
  private static final Duration BOUND = Duration.ofSeconds(20);

  /// A server that knows that the cluster is unreachable answers a moment later, on a busy machine.
  /// Otherwise it tries for twelve seconds.
  private static final Duration AT_ONCE = Duration.ofSeconds(8);

  private static NatsServers nats;

  @TempDir static Path folder;

  /// The ways in which it becomes unreachable: its connections end, or nothing answers.
  private enum Fault {
    KILLED {
      @Override
      void strike() {
        nats.kill(0);
      }

      @Override
      void heal() {
        nats.start(0);
      }
    },
    CUT_OFF {
      @Override
      void strike() {
        nats.cutClients(0);
      }

      @Override
      void heal() {
        nats.healClients(0);
      }
    };

    abstract void strike();

    abstract void heal();
  }

  @BeforeAll
  static void startNatsAndWriteHistory() {
    nats =
        NatsServers.single(
            folder.resolve("nats"),
            List.of("authorization { user: " + USER + ", password: " + PASSWORD + " }"));
    try (RunningServer writer = start()) {
      for (int from = 0; from < HISTORY_EVENTS; from += HISTORY_BATCH) {
        List<String> batch = new ArrayList<>();
        for (int i = from; i < from + HISTORY_BATCH; i++) {
          batch.add(SampleEvents.large("old-" + i, "run-" + i % 5, HISTORY_EVENT_BYTES));
        }
        writer.publish(batch);
      }
    }
  }

  @AfterAll
  static void stopNats() {
    nats.close();
  }

  private static RunningServer start() {
    ServerConfig.Builder config = RunningServer.config().keepAlive(Duration.ofMillis(200));
    return RunningServer.start(config, log(nats.url(0), PASSWORD).open());
  }

  private static JetStreamLogs log(String server, String password) {
    String url = server.replace("//", "//" + USER + ":" + password + "@");
    return JetStreamLogs.at(List.of(url), folder).stream("LOG")
        .replicas(1)
        .clock(Clock.systemUTC());
  }

  private static HttpResponse<String> publish(RunningServer server, String id) {
    return server.post(STREAM_EVENT, SampleEvents.streamEvent(SampleEvents.event(id, "run-1")));
  }

  private static long sequence(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Long.parseLong(answer.body().replaceAll("\\D", ""));
  }

  @ParameterizedTest
  @EnumSource
  void publishersAreRefusedAndReadersStayAndMissNothing(Fault fault) throws Exception {
    try (LogLines log = LogLines.capture();
        RunningServer server = start();
        ExecutorService publisher = Executors.newVirtualThreadPerTaskExecutor();
        StreamReader behind = server.stream(STREAM).receiveBuffer(16 * 1024).open();
        StreamReader live = server.stream(STREAM + "?start_seq=-1").open();
        RawConnection idle = server.connect()) {
      behind.stall();
      long opened = openStream(idle);
      assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
      long before = sequence(publish(server, fault + " before"));
      live.await(1);

      fault.strike();
      Future<HttpResponse<String>> first =
          publisher.submit(() -> publish(server, fault + " meanwhile"));
      assertUnavailable(first.get(BOUND.toSeconds(), SECONDS));
      behind.goOn();
      assertAway(server, fault);
      assertKeptAlive(idle, opened);
      try (StreamReader late = server.stream(STREAM + "?start_seq=-1").open();
          StreamReader all = server.stream(STREAM).open()) {
        assertThat(late.status()).isEqualTo(200);
        assertThat(all.status()).isEqualTo(200);

        fault.heal();
        await().atMost(BOUND).until(() -> server.get("/health/ready").statusCode() == 200);
        long again = sequence(publish(server, fault + " meanwhile"));
        long last = sequence(publish(server, fault + " after"));

        assertThat(again).isBetween(before + 1, last - 1);
        assertSawTheSame(server, last, List.of(behind, all));
        List<Long> news = LongStream.of(before, again, last).boxed().toList();
        awaitSequence(live, last);
        assertThat(live.sequences()).isEqualTo(news);
        awaitSequence(late, last);
        assertThat(late.sequences()).endsWith(last).isSubsetOf(news);
        assertThat(List.of(live, late, behind, all)).allMatch(it -> it.end() == End.OPEN);
      }
      assertThat(server.metric("galerne_log_ready")).isEqualTo(1);
      assertThat(log.messages())
          .noneMatch(line -> line.contains(PASSWORD))
          .filteredOn(line -> line.contains("the connection to NATS"))
          .hasSize(1);
      assertThat(log.withTrace()).isEmpty();
    }
  }

  @Test
  void aServerThatCannotConnectNamesTheAddressWithoutThePassword() {
    String unreachable = "nats://127.0.0.1:1";
    assertThatThrownBy(() -> log(unreachable, PASSWORD).open())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining(unreachable)
        .hasMessageContaining("are the servers running")
        .hasMessageNotContaining(PASSWORD);
    String wrong = "another-" + PASSWORD;
    assertThatThrownBy(() -> log(nats.url(0), wrong).open())
        .isInstanceOf(LogOpenException.class)
        .hasMessageContaining(nats.url(0))
        .hasMessageContaining("do they know this user")
        .hasMessageNotContaining(PASSWORD);
  }

  @ParameterizedTest
  @EnumSource
  void aServerShutsDownCleanlyWhileItIsAway(Fault fault) throws Exception {
    try (RunningServer server = start();
        ExecutorService publisher = Executors.newVirtualThreadPerTaskExecutor();
        StreamReader live = server.stream(STREAM + "?start_seq=-1").open()) {
      sequence(publish(server, "before the end, " + fault));
      live.await(1);

      fault.strike();
      Future<Boolean> answered = publisher.submit(() -> isAnswered(server, "at the end, " + fault));
      long stopping = System.nanoTime();
      server.stop();

      assertThat(Duration.ofNanos(System.nanoTime() - stopping)).isLessThan(BOUND);
      assertThat(live.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(answered.get(BOUND.toSeconds(), SECONDS)).isFalse();
    } finally {
      fault.heal();
    }
  }

  /// Returns whether an event was accepted; false if the server refused it, or ended first.
  private static boolean isAnswered(RunningServer server, String id) {
    try {
      return publish(server, id).statusCode() == 200;
    } catch (UncheckedIOException _) {
      return false;
    }
  }

  private static void assertUnavailable(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    assertThat(answer.body())
        .contains("\"code\":\"WF_1600\"", "NATS")
        .doesNotContain(PASSWORD, "Exception", "null", "buffer");
  }

  /// Asserts that the server reports the unreachable cluster to every client, at once.
  private static void assertAway(RunningServer server, Fault fault) {
    await().atMost(BOUND).until(() -> server.get("/health/ready").statusCode() == 503);
    long asked = System.nanoTime();
    assertUnavailable(publish(server, fault + " meanwhile"));
    HttpResponse<String> ready = server.get("/health/ready");
    assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
    assertThat(server.metric("galerne_log_ready")).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(AT_ONCE);
    assertThat(ready.body())
        .contains("\"status\":\"unavailable\"", "NATS")
        .doesNotContain(PASSWORD, "Exception", "null", "buffer");
    HttpResponse<String> list = server.get(LIST + "?limit=1");
    assertThat(list.statusCode()).as("from the node's own view").isEqualTo(200);
    assertThat(list.body()).contains("old-0");
  }

  private static long openStream(RawConnection connection) {
    connection.send("GET " + STREAM + "?start_seq=-1 HTTP/1.1\r\nHost: test\r\n\r\n");
    while (!connection.line().isEmpty()) {
      // the head of the answer
    }
    return System.nanoTime();
  }

  /// Waits for more comments than have arrived by now; they arrive about every second.
  private static void assertKeptAlive(RawConnection stream, long openedNanos) {
    long soFar = Duration.ofNanos(System.nanoTime() - openedNanos).toSeconds();
    for (long comments = 0; comments < soFar + 3; ) {
      comments += stream.chunk().startsWith(":") ? 1 : 0;
    }
  }

  private static void awaitSequence(StreamReader reader, long sequence) {
    await()
        .atMost(BOUND)
        .until(
            () -> reader.messages().stream().anyMatch(it -> StreamReader.sequence(it) == sequence));
  }

  /// Asserts that these readers received exactly the stored events.
  private static void assertSawTheSame(
      RunningServer server, long last, List<StreamReader> readers) {
    try (StreamReader fresh = server.stream(STREAM).open()) {
      awaitSequence(fresh, last);
      List<SseMessage> stored = fresh.messages();
      assertThat(stored).hasSizeGreaterThan(HISTORY_EVENTS);
      assertThat(fresh.sequences()).isSorted().doesNotHaveDuplicates();
      for (StreamReader reader : readers) {
        awaitSequence(reader, last);
        assertThat(reader.messages()).hasSameSizeAs(stored);
        assertThat(reader.sequences()).isEqualTo(fresh.sequences());
      }
    }
  }
}
