package io.galerne.server.http.connection;

import static io.galerne.server.RunningServer.BATCH;
import static io.galerne.server.RunningServer.LIST;
import static io.galerne.server.RunningServer.SINGLE;
import static io.galerne.server.RunningServer.STREAM;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.protocol.EventType;
import io.galerne.server.Http2Client;
import io.galerne.server.Http2Client.Answer;
import io.galerne.server.QuietServer;
import io.galerne.server.RawConnection;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.Seed;
import io.galerne.server.StreamReader;
import io.galerne.server.StreamReader.End;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// HTTP/2 on the same port as HTTP/1.1, without TLS. [TlsTest] covers it with TLS.
@Timeout(120)
@ExtendWith(QuietServer.class)
class Http2Test {
  private static final String SUCCESS = "{\"status\":\"success\",\"message\":null}";
  private static final int MANY = 2_000;
  private static final int FUZZ = Integer.getInteger("galerne.fuzz", 3_000) / 10;
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  @TempDir Path folder;

  @Test
  void everyOperationAnswersAsOverHttp11() {
    try (RunningServer server = RunningServer.start(folder)) {
      Http2Client client = server.http2();
      String one = SampleEvents.single(SampleEvents.event("one", "run-1"));
      assertThat(client.post(SINGLE, one).text()).isEqualTo(SUCCESS);
      for (String target :
          List.of(
              "/health/live",
              "/health/ready",
              "/openapi.yaml",
              LIST,
              LIST + "?limit=0",
              "/v1/workflows/workers/whoami",
              "/nowhere",
              "/v2/nowhere",
              SINGLE)) {
        var expected = server.get(target);
        Answer answer = client.get(target);
        assertThat(answer.status()).as(target).isEqualTo(expected.statusCode());
        assertThat(answer.text()).as(target).isEqualTo(expected.body());
        assertThat(answer.headers().get("content-type"))
            .as(target)
            .isEqualTo(expected.headers().firstValue("content-type").orElseThrow());
        assertThat(answer.headers())
            .containsKeys("date", "x-request-id")
            .doesNotContainKeys("connection", "transfer-encoding");
      }
      assertThat(client.get("/metrics").text()).contains("galerne_published_events_total 1.0");
    }
  }

  @Test
  void headAnswersHaveNoBody() {
    try (RunningServer server = RunningServer.start(folder)) {
      for (int i = 0; i < 20; i++) { // so that the page has several pieces
        server.publish(SampleEvents.large("head-" + i, "run-1", 30_000));
      }
      for (String target : List.of("/health/live", "/openapi.yaml", LIST + "?limit=1000", STREAM)) {
        Answer answer = server.http2().send("HEAD", target, "");
        assertThat(answer.status()).as(target).isEqualTo(200);
        assertThat(answer.text()).as(target).isEmpty();
      }
      await().until(() -> server.metric("galerne_readers_live") == 0);
    }
  }

  @Test
  void anUnwantedBodyIsAnsweredAndTheConnectionStaysOpen() {
    try (RunningServer server =
        RunningServer.start(
            folder, RunningServer.config().maxEventBytes(64 * 1024).maxBodyBytes(64 * 1024))) {
      Http2Client client = server.http2();
      assertThat(client.post(BATCH, "x".repeat(1_000_000)).status()).isEqualTo(413);
      assertThat(client.post("/nowhere", "x".repeat(50_000)).status()).isEqualTo(404);
      assertThat(client.post(LIST, "{}").headers()).containsEntry("allow", "GET, HEAD");
      assertThat(client.post(SINGLE, "{").status()).isEqualTo(422);
      assertThat(client.get("/health/live").status()).isEqualTo(200);
    }
  }

  @Test
  void aLargeListArrivesInPiecesAndComplete() {
    try (RunningServer server = RunningServer.start(folder)) {
      for (int i = 0; i < 10; i++) {
        server.publish(SampleEvents.large("large" + i, "run-1", 900_000));
      }
      String expected = server.get(LIST + "?limit=1000").body();
      assertThat(server.http2().get(LIST + "?limit=1000").text()).isEqualTo(expected);
    }
  }

  @Test
  void thousandsOfStreamsShareAConnection() {
    try (RunningServer server = RunningServer.start(folder)) {
      List<StreamReader> readers = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        readers.add(
            server.stream(STREAM + "?start_seq=-1&workflow_exec_id=run-" + i % 2)
                .over(server.http2())
                .open());
      }
      for (int i = 0; i < 10; i++) {
        server.publish(SampleEvents.event("e" + i, "run-" + i % 2));
      }
      for (int i = 0; i < MANY; i++) {
        readers.get(i).await(5);
        assertThat(readers.get(i).sequences())
            .isEqualTo(i % 2 == 0 ? List.of(1L, 3L, 5L, 7L, 9L) : List.of(2L, 4L, 6L, 8L, 10L));
      }
      readers.forEach(StreamReader::close);
      await()
          .until(() ->
              server.metric("galerne_readers_live") + server.metric("galerne_readers_behind") == 0);
      assertThat(server.http2().get("/health/live").status())
          .as("readers that leave are not an attack")
          .isEqualTo(200);
    }
  }

  @Test
  void anEndedStreamKeepsTheConnectionOpen() {
    try (RunningServer server = RunningServer.start(folder)) {
      server.publish(
          SampleEvents.event("one", "run-1"),
          SampleEvents.event("two", "run-1", EventType.WORKFLOW_EXECUTION_COMPLETED));
      for (int round = 0; round < 50; round++) {
        try (StreamReader reader =
            server.stream("/v1/workflows/executions/run-1/stream?event_source=DATABASE")
                .over(server.http2())
                .open()) {
          assertThat(reader.awaitEnd()).isEqualTo(End.ORDERLY);
          assertThat(reader.sequences()).containsExactly(1L, 2L);
        }
      }
    }
  }

  @Test
  void refusesRequestsOverTheLimitUntilOthersEnd() {
    try (RunningServer server =
        RunningServer.start(folder, RunningServer.config().maxConnections(5))) {
      Http2Client client = server.http2();
      List<Answer> open = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        open.add(client.get(STREAM));
        assertThat(open.getLast().status()).isEqualTo(200);
      }
      for (int i = 0; i < 500; i++) { // and the connection lives through all of them
        assertThat(client.get("/health/live").headersOrReset()).isEmpty();
      }
      open.getFirst().cancel();
      await().until(() -> !client.get("/health/live").headersOrReset().isEmpty());
    }
  }

  @Test
  void aShutdownAnswersRequestsInProgress() {
    RunningServer server =
        RunningServer.start(folder, RunningServer.config().shutdownGrace(Duration.ofMillis(500)));
    for (int i = 0; i < 10; i++) {
      server.publish(SampleEvents.large("large" + i, "run-1", 900_000));
    }
    try (Http2Client client = Http2Client.to(server.uri());
        StreamReader reader = server.stream(STREAM + "?start_seq=-1").over(client).open()) {
      Answer list = client.get(LIST + "?limit=1000");
      assertThat(list.status()).isEqualTo(200);
      CompletableFuture<Void> stopping = CompletableFuture.runAsync(server::stop);
      client.awaitGoAway();
      assertThat(list.text()).endsWith("}");
      assertThat(reader.awaitEnd()).isEqualTo(End.ORDERLY);
      client.awaitEnd();
      stopping.join();
    } finally {
      server.close();
    }
  }

  @Test
  void doesNotExecuteATornRequest() {
    byte[] request = publish("torn");
    try (RunningServer server = RunningServer.start(folder)) {
      for (int length = 0; length < request.length; length++) {
        try (RawConnection connection = server.connect().send(request, 0, length)) {
          if (length % 2 == 0) {
            connection.endSending().rest();
          }
        }
      }
      assertThat(server.get(LIST).body()).isEqualTo("{\"events\":[],\"next_cursor\":null}");
      try (RawConnection connection = server.connect()) {
        for (int i = 0; i < request.length; i++) {
          connection.send(request, i, i + 1);
        }
        await().until(() -> server.get(LIST).body().contains("\"torn\""));
      }
    }
  }

  @Test
  void dataAfterTheEndOfARequestIsAClientError() {
    byte[] request = publish("late");
    request[PREFACE.length() + 9 + 4] |= 0x1; // the headers end the request
    try (RunningServer server = RunningServer.start(folder)) {
      try (RawConnection connection = server.connect().sendWhileWanted(request)) {
        connection.endSending().rest();
      }
      assertThat(server.http2().get("/health/live").status()).isEqualTo(200);
    }
  }

  @Test
  void randomBytesAreNeverServerErrors() {
    Random random = Seed.random("fuzz of HTTP/2");
    byte[] request = publish("fuzz");
    try (RunningServer server =
        RunningServer.start(folder, RunningServer.config().maxConnections(30))) {
      for (int i = 0; i < FUZZ; i++) {
        byte[] nonsense = request.clone();
        int changes = 1 + random.nextInt(4);
        for (int k = 0; k < changes; k++) {
          // the preface stays unchanged: without it, this is HTTP/1.1
          nonsense[PREFACE.length() + random.nextInt(request.length - PREFACE.length())] =
              (byte) random.nextInt();
        }
        try (RawConnection connection = server.connect().sendWhileWanted(nonsense)) {
          connection.endSending().rest();
        }
      }
      assertThat(server.http2().get("/health/live").status()).isEqualTo(200);
      assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
    }
  }

  /// The bytes of a request that publishes: preface, settings, headers and data.
  private static byte[] publish(String id) {
    byte[] body = SampleEvents.single(SampleEvents.event(id, "run-1")).getBytes(UTF_8);
    ByteBuf headers = Unpooled.buffer();
    headers.writeByte(0x83).writeByte(0x86); // POST, http
    headers.writeByte(0x04).writeByte(SINGLE.length()).writeCharSequence(SINGLE, US_ASCII);
    headers.writeByte(0x01).writeByte(4).writeCharSequence("test", US_ASCII);
    ByteBuf all = Unpooled.buffer();
    all.writeCharSequence(PREFACE, US_ASCII);
    all.writeMedium(0).writeByte(4).writeByte(0).writeInt(0); // SETTINGS
    all.writeMedium(headers.readableBytes()).writeByte(1).writeByte(0x4).writeInt(1);
    all.writeBytes(headers);
    all.writeMedium(body.length).writeByte(0).writeByte(0x1).writeInt(1).writeBytes(body);
    return ByteBufUtil.getBytes(all);
  }
}
