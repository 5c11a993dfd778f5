package io.galerne.server.http.connection;

import static io.galerne.server.RunningServer.LIST;
import static io.galerne.server.RunningServer.SINGLE;
import static io.galerne.server.RunningServer.STREAM;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.server.QuietServer;
import io.galerne.server.RawConnection;
import io.galerne.server.RawConnection.Answer;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.Seed;
import io.galerne.server.StreamReader;
import io.galerne.server.http.connection.RandomRequests.Made;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever clients send, in any pieces, leads to an answer or the end of their connection, and
/// does not affect others (target R5). `-Dgalerne.fuzz` sets the number of random requests.
@Timeout(1800)
@ExtendWith(QuietServer.class)
class BadClientsTest {
  private static final int FUZZ = Integer.getInteger("galerne.fuzz", 3_000);

  /// So few that a leaked one is soon noticed.
  private static final int MOST_CONNECTIONS = 30;

  /// Waits for two connections, not for the next two, and so on: each event loop gets one of both,
  /// so none has many ended connections that it has not noticed.
  private static final int PAIRS = 4;

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 [1-4]\\d\\d [ -~]+");
  private static final Pattern SECRET =
      Pattern.compile("Exception|\\bat (java|io|tools)\\.|Caused by|/server/src/");

  @TempDir Path folder;

  private RunningServer server;

  @BeforeEach
  void start() {
    server = RunningServer.start(folder, RunningServer.config().maxConnections(MOST_CONNECTIONS));
  }

  @AfterEach
  void stillServesAndHasKeptNothing() {
    server.publish(SampleEvents.event("at last", "run-1"));
    try (StreamReader reader = server.stream(STREAM + "?start_seq=-1").open()) {
      server.publish(SampleEvents.event("at the very last", "run-1"));
      reader.await(1);
    }
    await()
        .until(() ->
            server.metric("galerne_readers_live") + server.metric("galerne_readers_behind") == 0);
    assertThat(server.metric("galerne_log_pending_events")).isZero();
    server.close();
  }

  private static byte[] publish(String id) {
    String body = SampleEvents.single(SampleEvents.event(id, "run-1"));
    return ("POST "
            + SINGLE
            + " HTTP/1.1\r\nHost: test\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(UTF_8);
  }

  @Test
  void doesNotExecuteATornRequest() {
    byte[] request = publish("torn");
    for (int length = 0; length < request.length; length++) {
      try (RawConnection connection = server.connect().send(request, 0, length)) {
        if (length % PAIRS < 2) {
          assertThat(connection.endSending().rest()).isEmpty();
        }
      }
    }
    assertThat(server.get(LIST).body()).isEqualTo("{\"events\":[],\"next_cursor\":null}");
    try (RawConnection connection = server.connect().send(request)) {
      assertThat(connection.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void refusesChunksWithoutAValidLength() {
    String request =
        "POST " + SINGLE + " HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (String chunks : List.of("zz\r\nabc", "-1\r\nabc", "2\r\n{}0\r\n\r\n")) {
      try (RawConnection connection = server.connect().send(request + chunks)) {
        Answer answer = connection.answer();
        assertThat(answer.status()).as(chunks).isEqualTo(400);
        assertThat(answer.text()).contains("Transfer-Encoding", "WF_1100");
        assertThat(connection.rest()).isEmpty();
      }
    }
  }

  @Test
  void opensNoStreamForATornRequest() {
    byte[] request = ("GET " + STREAM + "?scope=* HTTP/1.1\r\nHost: test\r\n\r\n").getBytes(UTF_8);
    for (int length = 0; length < request.length; length++) {
      try (RawConnection connection = server.connect().send(request, 0, length)) {
        if (length % PAIRS < 2) {
          assertThat(connection.endSending().rest()).isEmpty();
        }
      }
    }
    for (int i = 0; i < 2 * MOST_CONNECTIONS; i++) {
      try (RawConnection connection = server.connect().send(request)) {
        if (i % PAIRS < 2) {
          assertThat(connection.answer().status()).isEqualTo(200);
        }
      }
    }
  }

  @Test
  void aRequestMayArriveByteByByte() {
    byte[] request = publish("slow");
    try (RawConnection connection = server.connect()) {
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < request.length; i++) {
          connection.send(request, i, i + 1);
        }
        assertThat(connection.answer().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void slowClientsDoNotDelayOthers() {
    byte[] request = publish("slow");
    List<RawConnection> slow = new ArrayList<>();
    for (int i = 0; i < MOST_CONNECTIONS / 2; i++) {
      slow.add(server.connect().send(request, 0, request.length - 1 - 7 * i));
    }
    for (int i = 0; i < 20; i++) {
      server.publish(SampleEvents.event("e" + i, "run-1"));
    }
    for (int i = 0; i < slow.size(); i++) {
      slow.get(i).send(request, request.length - 1 - 7 * i, request.length);
      assertThat(slow.get(i).answer().status()).isEqualTo(200);
      slow.get(i).close();
    }
  }

  /// They half-close while an earlier request is answered, before their stream is open, so only a
  /// failed write shows that they are gone. Every test ends with a check that no reader is kept.
  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.0", "HTTP/1.1"})
  void forgetsReadersThatHalfCloseAtOnce(String version) {
    for (int i = 0; i < MOST_CONNECTIONS / 2; i++) {
      byte[] first = publish("before-" + i);
      byte[] stream = ("GET " + STREAM + " " + version + "\r\nHost: test\r\n\r\n").getBytes(UTF_8);
      byte[] both = Arrays.copyOf(first, first.length + stream.length);
      System.arraycopy(stream, 0, both, first.length, stream.length);
      try (RawConnection connection = server.connect().sendWhileWanted(both).endSending()) {
        assertThat(connection.answer().status()).isEqualTo(200);
        assertThat(connection.head().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void closesConnectionsOverTheLimit() {
    List<RawConnection> idle = new ArrayList<>();
    for (int i = 0; i < MOST_CONNECTIONS; i++) {
      idle.add(server.connect().send("GET /health/live HTTP/1.1\r\nHost: test\r\n\r\n"));
      assertThat(idle.getLast().answer().status()).isEqualTo(200);
    }
    try (RawConnection tooMany = server.connect()) {
      assertThat(tooMany.rest()).isEmpty();
    }
    idle.forEach(RawConnection::close);
    await()
        .ignoreExceptions()
        .until(() -> {
          try (RawConnection again = server.connect()) {
            again.sendWhileWanted(
                "GET /health/live HTTP/1.1\r\nHost: test\r\n\r\n".getBytes(UTF_8));
            return again.answer().status() == 200;
          }
        });
  }

  @Test
  void randomRequestsAreNeverServerErrors() {
    Random random = Seed.random("fuzz");
    RandomRequests requests = new RandomRequests(random);
    for (int i = 0; i < FUZZ; i++) {
      Made request = requests.next();
      String sent = new String(request.bytes(), ISO_8859_1);
      try (RawConnection connection = server.connect().sendWhileWanted(request.bytes())) {
        if (request.whole()) {
          checkAnswer(connection, request, sent);
        } else {
          String answer =
              new String(connection.endSending().restUnless("text/event-stream"), ISO_8859_1);
          assertThat(answer.lines().filter(line -> line.startsWith("HTTP/")))
              .as(sent)
              .allMatch(line -> STATUS.matcher(line).matches());
          assertThat(answer).as(sent).doesNotContainPattern(SECRET);
        }
      }
    }
  }

  private static Answer answer(RawConnection connection, Made request) {
    return request.head() ? connection.answerWithoutBody() : connection.answer();
  }

  private static void checkAnswer(RawConnection connection, Made request, String sent) {
    try {
      Answer answer = answer(connection, request);
      if (answer.status() == 100) {
        answer = answer(connection, request);
      }
      assertThat(answer.statusLine()).as(sent).matches(STATUS);
      assertThat(answer.text()).as(sent).doesNotContainPattern(SECRET);
    } catch (UncheckedIOException e) {
      throw new AssertionError("No answer to " + sent, e);
    }
  }
}
