package io.galerne.server.http.connection;

import static io.galerne.server.RunningServer.LIST;
import static io.galerne.server.RunningServer.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.server.QuietServer;
import io.galerne.server.RawConnection;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.log.embedded.EmbeddedEventLog;
import io.galerne.server.log.embedded.EmbeddedLogs;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reuse of a connection whose stream has ended.
@Timeout(60)
@ExtendWith(QuietServer.class)
class EndedStreamTest {
  private static final String HEAD = "Host: test\r\n\r\n";
  private static final String LIST_NONE =
      "GET " + LIST + "?limit=1&workflow_exec_id=x HTTP/1.1\r\n";
  private static final String NONE = "{\"events\":[],\"next_cursor\":null}";
  private static final String EXECUTION = "/v1/workflows/executions/run-1/stream";
  private static final String STORED = "GET " + EXECUTION + "?event_source=DATABASE HTTP/1.1\r\n";

  @TempDir Path folder;

  private RunningServer server;

  @BeforeEach
  void start() {
    server = RunningServer.start(folder.resolve("one"), RunningServer.config().maxStreams(1));
    publish(server);
  }

  private static void publish(RunningServer server) {
    server.publish(
        SampleEvents.event("one", "run-1"),
        SampleEvents.event("two", "run-1", EventType.WORKFLOW_EXECUTION_COMPLETED));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        EXECUTION + "?event_source=DATABASE",
        EXECUTION + "?event_source=HYBRID",
        EXECUTION + "?last_event_id=2", // ends at once
        "/v1/workflows/executions/nobody/stream?event_source=DATABASE"
      })
  void servesTheNextRequest(String target) {
    try (RawConnection connection = server.connect()) {
      for (int round = 0; round < 200; round++) {
        connection.send("GET " + target + " HTTP/1.1\r\n" + HEAD);
        assertThat(connection.answer().status()).isEqualTo(200);
        assertThat(connection.chunks()).doesNotContain("event: error");
        connection.send(LIST_NONE + HEAD);
        assertThat(connection.answer().text()).isEqualTo(NONE);
      }
    }
  }

  @Test
  void freesItsPlaceBeforeTheReaderSeesTheEnd() {
    try (RawConnection one = server.connect();
        RawConnection other = server.connect()) {
      for (int round = 0; round < 500; round++) {
        RawConnection next = round % 2 == 0 ? one : other;
        next.send(STORED + HEAD);
        assertThat(next.answer().status()).isEqualTo(200);
        assertThat(next.chunks()).contains("\"one\"", "\"two\"");
      }
    }
  }

  @Test
  void servesTheNextRequestAfterTheMaximumDuration() {
    try (RunningServer other =
            RunningServer.start(
                folder.resolve("other"),
                RunningServer.config().maxStreamDuration(Optional.of(Duration.ofMillis(1))));
        RawConnection connection = other.connect()) {
      publish(other);
      connection.send("GET " + STREAM + " HTTP/1.1\r\n" + HEAD);
      assertThat(connection.answer().status()).isEqualTo(200);
      assertThat(connection.chunks()).contains("\"one\"", "\"two\"");
      connection.send(LIST_NONE + HEAD);
      assertThat(connection.answer().text()).isEqualTo(NONE);
    }
  }

  @Test
  void endsIfTheClientSentConnectionClose() {
    try (RawConnection connection =
        server.connect().send(STORED + "Connection: close\r\n" + HEAD)) {
      assertThat(connection.answer().status()).isEqualTo(200);
      assertThat(connection.chunks()).contains("\"one\"", "\"two\"");
      assertThat(connection.rest()).isEmpty();
    }
  }

  @Test
  void endsIfRequestsWerePipelinedAfterTheStream() {
    try (RawConnection connection = server.connect().send((STORED + HEAD).repeat(2))) {
      assertThat(connection.answer().status()).isEqualTo(200);
      assertThat(connection.chunks()).contains("\"one\"", "\"two\"");
      assertThat(connection.rest()).isEmpty();
    }
  }

  /// Uses one event loop, which reads the second request no later than the event that ends the
  /// stream.
  @Test
  void endsIfTheClientSendsDuringTheStream() {
    try (EmbeddedEventLog log = EmbeddedLogs.in(folder.resolve("other")).open();
        RunningServer other =
            RunningServer.over(log, new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()));
        RawConnection connection = other.connect()) {
      connection.send("GET " + EXECUTION + " HTTP/1.1\r\n" + HEAD);
      assertThat(connection.answer().status()).isEqualTo(200);
      connection.send(LIST_NONE + HEAD);
      publish(other);
      assertThat(connection.chunks()).contains("\"one\"", "\"two\"");
      assertThat(connection.rest()).isEmpty();
    }
  }

  @Test
  void endsWithTheServer() {
    try (RawConnection connection = server.connect().send(STORED + HEAD)) {
      assertThat(connection.answer().status()).isEqualTo(200);
      assertThat(connection.chunks()).contains("\"one\"", "\"two\"");
      server.stop();
      assertThat(connection.rest()).isEmpty();
    }
  }
}
