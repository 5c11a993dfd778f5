package io.galerne.server.live;

import static io.galerne.server.RunningServer.LIST;
import static io.galerne.server.RunningServer.SINGLE;
import static io.galerne.server.RunningServer.STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.protocol.SseMessage;
import io.galerne.server.RawConnection;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.StreamReader;
import io.galerne.server.StreamReader.End;
import io.galerne.server.log.Commit;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor;
import io.galerne.server.log.Health;
import io.galerne.server.log.LogRange;
import io.galerne.server.log.LogStats;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.embedded.EmbeddedEventLog;
import io.galerne.server.log.runs.RunIndex;
import io.galerne.server.log.store.StoreConfig;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Errors that readers and publishers see if the log fails.
@Timeout(60)
class BrokenLogTest {
  private static final String STORED =
      "/v1/workflows/executions/run-1/stream?event_source=DATABASE";

  @TempDir Path folder;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.EPOCH.plusSeconds(1L << 30));

  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now.get();
        }
      };

  private EmbeddedEventLog open() {
    return EmbeddedEventLog.open(
        StoreConfig.builder(folder)
            .retentionAge(Optional.of(Duration.ofHours(1)))
            .expiryInterval(Duration.ofMillis(10))
            .clock(clock)
            .build());
  }

  /// A log that fails on demand.
  private static final class FailingLog implements EventLog {
    private final EventLog log;
    private volatile Throwable failure;

    private FailingLog(EventLog log) {
      this.log = log;
    }

    @Override
    public CompletableFuture<long[]> append(List<EventRecord> events) {
      return failure == null ? log.append(events) : CompletableFuture.failedFuture(failure);
    }

    @Override
    public long read(EventFilter filter, long from, EventVisitor visitor) {
      switch (failure) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(failure);
      }
      return log.read(filter, from, visitor);
    }

    @Override
    public RunIndex runs() {
      return log.runs();
    }

    @Override
    public LogRange range() {
      return log.range();
    }

    @Override
    public LogStats stats() {
      return log.stats();
    }

    @Override
    public String engine() {
      return log.engine();
    }

    @Override
    public String id() {
      return log.id();
    }

    @Override
    public Health health() {
      return failure == null ? log.health() : new Health(false, failure.getMessage());
    }

    @Override
    public long follow(Consumer<Commit> follower) {
      return log.follow(follower);
    }

    @Override
    public void close() {
      log.close();
    }
  }

  private static void publish(RunningServer server, int count, int bytes) {
    for (int i = 0; i < count; i += 10) {
      List<String> events = new ArrayList<>();
      for (int k = 0; k < 10; k++) {
        events.add(SampleEvents.large("e" + i + "-" + k, "run-1", bytes));
      }
      server.publish(events);
    }
  }

  @Test
  void reportsExpiredEventsAndEndsTheStream() {
    try (EmbeddedEventLog log = open();
        RunningServer server = RunningServer.over(log)) {
      publish(server, 1_000, 8 * 1024);
    }
    try (EmbeddedEventLog log = open();
        RunningServer server = RunningServer.over(log);
        StreamReader reader = server.stream(STREAM).receiveBuffer(4096).stalled().open()) {
      await().until(() -> server.metric("galerne_delivered_events_total") > 0);
      now.set(now.get().plus(Duration.ofHours(2)));
      await().until(() -> log.range().oldest() == 1_001);
      reader.goOn();

      assertThat(reader.awaitEnd()).isEqualTo(End.ORDERLY);
      List<SseMessage> messages = reader.messages();
      assertThat(messages.getLast().event()).hasValue("error");
      assertThat(messages.getLast().data())
          .isEqualTo(
              "{\"error\":\"Events expired before they could be read\",\"reason\":\"read_error\"}");
      assertThat(messages.size()).isLessThan(1_000);
      for (int i = 0; i < messages.size() - 1; i++) {
        assertThat(StreamReader.sequence(messages.get(i))).isEqualTo(i + 1);
      }
    }
  }

  @Test
  void startsAtTheOldestEventIfThePositionExpired() {
    try (EmbeddedEventLog log = open();
        RunningServer server = RunningServer.over(log)) {
      publish(server, 10, 10);
      now.set(now.get().plus(Duration.ofHours(2)));
      await().until(() -> log.range().oldest() == 11);
      try (StreamReader empty = server.stream(STREAM).open()) {
        assertThat(empty.header("Galerne-Oldest-Sequence")).isEqualTo("11");
        assertThat(empty.header("Galerne-Head-Sequence")).isEqualTo("10");
      }
      server.publish(SampleEvents.event("new-1", "run-1"), SampleEvents.event("new-2", "run-1"));
      try (StreamReader start = server.stream(STREAM + "?start_seq=3").open();
          StreamReader resumed = server.stream(STREAM).header("Last-Event-ID", "4").open()) {
        start.await(2);
        resumed.await(2);
        assertThat(start.sequences()).containsExactly(11L, 12L);
        assertThat(resumed.sequences()).containsExactly(11L, 12L);
        assertThat(resumed.header("Galerne-Oldest-Sequence")).isEqualTo("11");
      }
      assertThat(server.get(LIST).body()).contains("new-1", "new-2").doesNotContain("e0-1");
    }
  }

  @Test
  void anUnusableLogIsA503AndAnErrorFrame() {
    try (FailingLog log = new FailingLog(open());
        RunningServer server = RunningServer.over(log)) {
      server.publish(SampleEvents.event("one", "run-1"));
      log.failure = new LogUnavailableException("The disk is gone");
      String body = "{\"detail\":\"The disk is gone\",\"code\":\"WF_1600\"}";

      HttpResponse<String> publish =
          server.post(SINGLE, SampleEvents.single(SampleEvents.event("two", "run-1")));
      HttpResponse<String> list = server.get(LIST);
      HttpResponse<String> ready = server.get("/health/ready");

      assertThat(publish.statusCode()).isEqualTo(503);
      assertThat(publish.body()).isEqualTo(body);
      assertThat(publish.headers().firstValue("Retry-After")).isPresent();
      assertThat(list.statusCode()).isEqualTo(503);
      assertThat(list.body()).isEqualTo(body);
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
      try (RawConnection reader = server.connect()) {
        reader.send("GET " + STORED + " HTTP/1.1\r\nHost: test\r\n\r\n").answer();
        assertThat(reader.chunks())
            .isEqualTo(
                "event: error\ndata: {\"error\":\"The log cannot be read\",\"reason\":\"read_error\"}\n\n");
        assertThat(reader.rest()).as("the connection ends").isEmpty();
      }
      log.failure = null;
      assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
      server.publish(SampleEvents.event("two", "run-1"));
    }
  }

  static List<Throwable> faults() {
    return List.of(
        new IllegalStateException("Something secret"), new AssertionError("Something secret"));
  }

  @Test
  void outOfMemoryIsA503AndStreamsWait() {
    try (FailingLog log = new FailingLog(open());
        RunningServer server = RunningServer.over(log)) {
      server.publish(SampleEvents.event("one", "run-1"));
      log.failure = new OutOfMemoryError("Java heap space");

      HttpResponse<String> publish =
          server.post(SINGLE, SampleEvents.single(SampleEvents.event("two", "run-1")));

      assertThat(publish.statusCode()).isEqualTo(503);
      assertThat(publish.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(publish.body()).contains("out of memory");
      assertThat(server.get(LIST).statusCode()).isEqualTo(503);
      try (StreamReader reader = server.stream(STORED).open()) {
        log.failure = null;
        assertThat(reader.await(1)).hasSize(1);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("faults")
  void anInternalErrorIsA500AndAnErrorFrameWithoutDetails(Throwable fault) {
    try (FailingLog log = new FailingLog(open());
        RunningServer server = RunningServer.over(log)) {
      server.publish(SampleEvents.event("one", "run-1"));
      log.failure = fault;
      fault.setStackTrace(new StackTraceElement[0]); // it is logged, as expected

      HttpResponse<String> publish =
          server.post(SINGLE, SampleEvents.single(SampleEvents.event("two", "run-1")));

      assertThat(publish.statusCode()).isEqualTo(500);
      assertThat(publish.body())
          .isEqualTo("{\"detail\":\"An error occurred\",\"code\":\"WF_1000\"}");
      try (StreamReader reader = server.stream(STORED).open()) {
        assertThat(reader.awaitEnd()).isEqualTo(End.ORDERLY);
        assertThat(reader.messages())
            .singleElement()
            .extracting(SseMessage::data)
            .isEqualTo("{\"error\":\"An error occurred\",\"reason\":\"internal_error\"}");
      }
    }
  }
}
