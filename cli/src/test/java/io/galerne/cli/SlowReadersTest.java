package io.galerne.cli;

import static io.galerne.server.RunningServer.BATCH;
import static io.galerne.server.RunningServer.LIST;
import static io.galerne.server.RunningServer.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.RawConnection;
import io.galerne.server.SampleEvents;
import io.galerne.server.StreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Clients that request lists and streams and do not read them, on a server with little memory:
/// they do not affect others (target R3).
@Timeout(300)
class SlowReadersTest {
  private static final String READY = "galerne is listening on ";
  private static final int UNREAD_PAGES = 200;
  private static final int STALLED_STREAMS = 1_000;
  private static final int RECEIVE_BUFFER = 4096;

  /// A little more than one page; some events are larger than one piece.
  private static final int LARGE_EVENTS = 16;

  private static final int LARGE_BYTES = 900_000;
  private static final int SMALL_EVENTS = 1_000;
  private static final int SMALL_BYTES = 8_000;

  /// No answer takes this long, unless it waits for others.
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// The server closes a connection that reads nothing of its answer for 75 s.
  private static final Duration MOST_UNTAKEN = Duration.ofSeconds(60);

  @TempDir Path folder;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<AutoCloseable> connections = new ArrayList<>();
  private Process server;
  private URI uri;
  private int published;

  @BeforeEach
  void start() throws Exception {
    server =
        GalerneProcess.start(
            errors(),
            List.of("-Xmx256m"),
            "serve",
            "--port",
            "0",
            "--data",
            folder.resolve("data").toString());
    String line = server.inputReader().readLine();
    assertThat(line).as(Files.readString(errors())).startsWith(READY);
    uri = URI.create(line.substring(READY.length()));
    for (int i = 0; i < LARGE_EVENTS; i++) {
      publish(List.of(SampleEvents.large("large-" + i, "run-1", LARGE_BYTES)));
    }
    for (int i = 0; i < SMALL_EVENTS; i += 100) {
      List<String> events = new ArrayList<>();
      for (int k = i; k < i + 100; k++) {
        events.add(SampleEvents.large("small-" + k, "run-1", SMALL_BYTES));
      }
      publish(events);
    }
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable connection : connections) {
      connection.close();
    }
    http.shutdownNow();
    server.destroyForcibly().waitFor();
  }

  private Path errors() {
    return folder.resolve("errors.txt");
  }

  @Test
  void unreadPagesAndStreamsDoNotAffectOthers() throws Exception {
    long begun = System.nanoTime();
    List<RawConnection> pages = new ArrayList<>();
    for (int i = 0; i < UNREAD_PAGES; i++) {
      RawConnection page = RawConnection.slow(uri, RECEIVE_BUFFER);
      connections.add(page);
      pages.add(page.send("GET " + LIST + "?limit=1000 HTTP/1.1\r\nHost: test\r\n\r\n"));
    }
    List<StreamReader> streams = new ArrayList<>();
    List<AtomicLong> seen = new ArrayList<>();
    for (int i = 0; i < STALLED_STREAMS; i++) {
      AtomicLong last = new AtomicLong();
      StreamReader stream =
          StreamReader.of(uri, STREAM)
              .receiveBuffer(RECEIVE_BUFFER)
              .stalled()
              .each(message -> {
                assertThat(StreamReader.sequence(message)).isEqualTo(last.incrementAndGet());
              })
              .open();
      connections.add(stream);
      streams.add(stream);
      seen.add(last);
    }
    try (StreamReader witness =
        StreamReader.of(uri, STREAM + "?start_seq=-1").each(_ -> {}).open()) {
      for (int round = 0; round < 40; round++) {
        publish(List.of(SampleEvents.large("live-" + round, "run-2", SMALL_BYTES)));
        publish(List.of(SampleEvents.large("live-large-" + round, "run-2", LARGE_BYTES)));
        witness.await(2 * (round + 1));
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        HttpResponse<String> list = get(LIST + "?limit=1000&workflow_exec_id=run-2");
        assertThat(list.statusCode()).isEqualTo(200);
        assertThat(list.body()).contains("\"live-0\"").endsWith("}");
      }
    }
    for (int i = 0; i < STALLED_STREAMS; i += STALLED_STREAMS / 10) {
      streams.get(i).goOn();
      streams.get(i).await(published);
      assertThat(seen.get(i)).hasValue(published);
      assertThat(streams.get(i).end()).isEqualTo(StreamReader.End.OPEN);
    }
    for (int i = 0; i < UNREAD_PAGES; i += UNREAD_PAGES / 5) {
      if (System.nanoTime() - begun > MOST_UNTAKEN.toNanos()) {
        break; // on a slow machine the server may have closed them, as it says
      }
      RawConnection.Answer page = pages.get(i).answer();
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.text()).contains("\"large-0\"").endsWith("\"}");
    }
    assertThat(Files.readString(errors()))
        .doesNotContain(" ERROR ", "OutOfMemory", "Out of memory");
    server.toHandle().destroy();
    assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(server.exitValue()).isZero();
  }

  private void publish(List<String> events) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri.resolve(BATCH))
            .timeout(PATIENCE)
            .POST(BodyPublishers.ofString(SampleEvents.batch(events)))
            .build();
    assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    published += events.size();
  }

  private HttpResponse<String> get(String target) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri.resolve(target)).timeout(PATIENCE).build();
    return http.send(request, BodyHandlers.ofString());
  }
}
