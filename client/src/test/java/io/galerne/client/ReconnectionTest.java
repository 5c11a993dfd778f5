package io.galerne.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.ScriptedServer.Script;
import io.galerne.client.ScriptedServer.Wire;
import io.galerne.client.checkpoint.Checkpoint;
import io.galerne.client.error.ApiException;
import io.galerne.client.error.ConnectionException;
import io.galerne.client.error.StreamException;
import io.galerne.client.stream.Disconnect;
import io.galerne.client.stream.Ending;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.Gap;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever happens to its connections, a stream delivers each event once and in order, or throws.
class ReconnectionTest {
  private static final long LAST = 4;

  /// Shared, because creating many takes long.
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /// Delivers the rest up to the event that ends the root.
  private static final Script REST = ReconnectionTest::rest;

  private final FakeTime time = new FakeTime();
  private final Heard heard = new Heard();

  private static void rest(Wire wire) throws IOException {
    wire.stream().eventsUpTo(LAST);
    if (wire.request().lastEventId() <= LAST) {
      complete(wire, LAST + 1);
    } else {
      wire.end();
    }
  }

  private static void complete(Wire wire, long sequence) throws IOException {
    wire.chunked(Samples.frame(sequence, Samples.completed("root", sequence))).stall();
  }

  private Mistral client(ScriptedServer server) {
    return server.client().httpClient(HTTP).time(time).random(new WorstLuck()).build();
  }

  private EventStream follow(Mistral mistral) {
    return mistral.events().getStreamEvents(b -> b.untilTerminal().listener(heard));
  }

  /// A stream that never gives up reconnecting.
  private EventStream followForever(Mistral mistral) {
    Reconnection patient = Reconnection.builder().maxElapsedTime(Duration.ofDays(1)).build();
    return mistral
        .events()
        .getStreamEvents(
            b -> b.untilTerminal().listener(heard).options(o -> o.reconnection(patient)));
  }

  private void assertDeliversAll(EventStream stream) {
    assertThat(Heard.sequences(stream)).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(stream.ending()).contains(Ending.COMPLETED);
  }

  /// As [#assertDeliversAll], for any number of events.
  private void assertDeliversAllOf(EventStream stream) {
    List<Long> sequences = Heard.sequences(stream);
    assertThat(sequences).isEqualTo(LongStream.rangeClosed(1, sequences.size()).boxed().toList());
    assertThat(stream.ending()).contains(Ending.COMPLETED);
  }

  /// How a connection breaks.
  private enum Break {
    RESET {
      @Override
      void end(Wire wire) throws IOException {
        wire.reset();
      }
    },
    END_OF_STREAM {
      @Override
      void end(Wire wire) throws IOException {
        wire.cut();
      }
    },
    HALF_CLOSE {
      @Override
      void end(Wire wire) throws IOException {
        wire.halfClose();
      }
    };

    abstract void end(Wire wire) throws IOException;
  }

  /// A stream whose connections each break one byte later than the one before, until one is
  /// complete.
  @ParameterizedTest
  @EnumSource(Break.class)
  void resumesAfterAConnectionBreaksAtAnyByte(Break how) {
    AtomicInteger cuts = new AtomicInteger();
    Script script =
        wire -> {
          long next = wire.request().lastEventId() + 1;
          String answer =
              Wire.streamHead("Galerne-Log-Id: one")
                  + Wire.chunk("retry: 5\n" + Samples.frame(next))
                  + Wire.chunk(": keep-alive\n\n")
                  + Wire.chunk(Samples.frame(next + 1));
          byte[] bytes = answer.getBytes(UTF_8);
          int cut = cuts.getAndIncrement();
          if (cut <= bytes.length) {
            how.end(wire.send(Arrays.copyOf(bytes, cut)));
          } else {
            complete(wire.stream(), next);
          }
        };
    try (ScriptedServer server =
            ScriptedServer.endingWith(script, wire -> wire.stream().events(1).cut());
        Mistral mistral = client(server);
        EventStream stream = followForever(mistral)) {
      assertDeliversAllOf(stream);
      assertThat(server.requests())
          .as("one for each cut")
          .extracting(ScriptedServer.Request::lastEventId)
          .startsWith(0L, 1L)
          .isSorted();
    }
  }

  @Test
  void resumesAfterABodyWithoutLengthBreaksAtAnyByte() {
    String head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    List<Disconnect.Reason> expected = new CopyOnWriteArrayList<>();
    Script script =
        wire -> {
          long next = wire.request().lastEventId() + 1;
          byte[] first = Samples.frame(next).getBytes(UTF_8);
          byte[] both = (Samples.frame(next) + Samples.frame(next + 1)).getBytes(UTF_8);
          int cut = expected.size();
          if (cut <= both.length) {
            boolean whole = cut == 0 || cut == first.length || cut == both.length;
            expected.add(whole ? Disconnect.Reason.ROTATION : Disconnect.Reason.CUT);
            wire.send(head).send(Arrays.copyOf(both, cut));
          } else {
            complete(wire.stream(), next);
          }
        };
    try (ScriptedServer server = ScriptedServer.endingWith(script);
        Mistral mistral = client(server);
        EventStream stream = followForever(mistral)) {
      assertDeliversAllOf(stream);
      assertThat(heard.reasons()).as("one for each cut").isEqualTo(expected);
    }
  }

  @Test
  void parsesChunksOfAnySize() {
    long seed = System.nanoTime();
    System.out.println("ReconnectionTest.parsesChunksOfAnySize: seed " + seed);
    Random random = new Random(seed);
    byte[] bytes =
        (Wire.streamHead()
                + Wire.chunk(Samples.frame(1) + Samples.frame(2))
                + Wire.chunk(Samples.frame(3) + Samples.frame(4))
                + Wire.chunk(Samples.frame(5, Samples.completed("root", 5))))
            .getBytes(UTF_8);
    for (int round = 0; round < 20; round++) {
      int most = 1 + random.nextInt(200);
      try (ScriptedServer server =
              ScriptedServer.of(wire -> {
                for (int from = 0; from < bytes.length; from += most) {
                  wire.send(Arrays.copyOfRange(bytes, from, Math.min(from + most, bytes.length)));
                }
                wire.stall();
              });
          Mistral mistral = client(server);
          EventStream stream = follow(mistral)) {
        assertDeliversAll(stream);
      }
    }
  }

  @Test
  void resumesAfterTheLastEventThatItRead() {
    try (ScriptedServer server =
            ScriptedServer.endingWith(REST, wire -> wire.stream().events(1, 2).cut());
        Mistral mistral = client(server);
        EventStream stream = follow(mistral)) {
      assertDeliversAll(stream);
      assertThat(server.requests())
          .extracting(ScriptedServer.Request::lastEventId)
          .containsExactly(0L, 2L);
      assertThat(heard.reasons()).containsExactly(Disconnect.Reason.CUT);
    }
  }

  @Test
  void resumesWhereLiveBeganEvenWithoutEvents() {
    try (ScriptedServer server =
            ScriptedServer.endingWith(REST, wire -> wire.stream("Galerne-Head-Sequence: 3").end());
        Mistral mistral = client(server);
        EventStream stream =
            mistral.events().getStreamEvents(b -> b.startSeq(-1).untilTerminal())) {
      assertThat(Heard.sequences(stream)).containsExactly(4L, 5L);
    }
  }

  @Test
  void treatsACleanEndAsARotation() {
    try (ScriptedServer server =
            ScriptedServer.endingWith(REST, wire -> wire.stream().events(1).end());
        Mistral mistral = client(server);
        EventStream stream = follow(mistral)) {
      assertDeliversAll(stream);
      assertThat(heard.reasons()).containsExactly(Disconnect.Reason.ROTATION);
    }
  }

  @Test
  void detectsADeadConnectionByItsSilence() {
    try (ScriptedServer server =
            ScriptedServer.endingWith(REST, wire -> wire.stream().events(1).stall());
        Mistral mistral = client(server);
        EventStream stream =
            mistral
                .events()
                .getStreamEvents(b ->
                    b.untilTerminal()
                        .listener(heard)
                        .options(o -> o.silenceTimeout(Duration.ofMillis(200))))) {
      assertDeliversAll(stream);
      assertThat(heard.reasons()).containsExactly(Disconnect.Reason.SILENCE);
    }
  }

  @Test
  void reconnectsAfterAnErrorFrame() {
    try (ScriptedServer server =
            ScriptedServer.endingWith(
                REST,
                wire ->
                    wire.stream()
                        .events(1)
                        .chunked(
                            "event: error\ndata: {\"error\":\"no disk\",\"reason\":"
                                + "\"read_error\"}\n\n")
                        .end());
        Mistral mistral = client(server);
        EventStream stream = follow(mistral)) {
      assertDeliversAll(stream);
      assertThat(heard.reasons()).containsExactly(Disconnect.Reason.ERROR_FRAME);
      assertThat(heard.disconnects.get(0).message()).contains("no disk (read_error)");
    }
  }

  @Test
  void dropsRepeatedEvents() {
    try (ScriptedServer server =
            ScriptedServer.endingWith(
                REST, wire -> wire.stream().events(1, 1, 2, 2, 1, 2, 3).end());
        Mistral mistral = client(server);
        EventStream stream = follow(mistral)) {
      assertDeliversAll(stream);
    }
  }

  @Test
  void dropsEventsFromAServerThatIgnoresTheResume() {
    try (ScriptedServer server =
            ScriptedServer.endingWith(wire ->
                wire.stream()
                    .events(1, 2, 3, 4)
                    .chunked(Samples.frame(5, Samples.completed("root", 5)))
                    .stall());
        Mistral mistral = client(server);
        EventStream stream =
            mistral.events().getStreamEvents(b -> b.lastEventId(3).untilTerminal())) {
      assertThat(Heard.sequences(stream)).containsExactly(4L, 5L);
    }
  }

  @Test
  void throwsIfAnEventArrivesOutOfOrder() {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.stream().events(1, 3, 2).stall());
        Mistral mistral = client(server);
        EventStream stream = follow(mistral)) {
      assertThatThrownBy(() -> Heard.sequences(stream))
          .isInstanceOfSatisfying(
              StreamException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(StreamException.Kind.OUT_OF_ORDER);
                assertThat(e.position()).contains(Checkpoint.of(3));
              });
      assertThat(stream.ending()).contains(Ending.FAILED);
      assertThatThrownBy(() -> stream.iterator().hasNext()).isInstanceOf(StreamException.class);
    }
  }

  @Test
  void throwsIfAServerRepeatsOutOfOrder() {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.stream().events(2, 1).stall());
        Mistral mistral = client(server);
        EventStream stream = mistral.events().getStreamEvents(b -> b.lastEventId(7))) {
      assertThatThrownBy(() -> Heard.sequences(stream))
          .isInstanceOf(StreamException.class)
          .hasMessageContaining("sequence 1");
    }
  }

  @Test
  void doesNotContinueInAnotherLog() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.stream("Galerne-Log-Id: one").events(1).cut(),
                wire -> wire.stream("Galerne-Log-Id: two").events(2).stall());
        Mistral mistral = client(server);
        EventStream stream = follow(mistral)) {
      assertThatThrownBy(() -> Heard.sequences(stream))
          .isInstanceOfSatisfying(
              StreamException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(StreamException.Kind.LOG_CHANGED);
                assertThat(e.position()).contains(new Checkpoint("one", 1));
              })
          .hasMessageContaining("log one")
          .hasMessageContaining("log two");
    }
  }

  @Test
  void doesNotContinueInARestoredLog() {
    try (ScriptedServer server =
            ScriptedServer.of(wire -> wire.stream("Galerne-Head-Sequence: 6").stall());
        Mistral mistral = client(server)) {
      assertThatThrownBy(() -> mistral.events().getStreamEvents(b -> b.lastEventId(7)))
          .isInstanceOf(StreamException.class)
          .hasMessageContaining("ends at sequence 6");
    }
  }

  @Test
  void reportsExpiredEvents() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.stream("Galerne-Oldest-Sequence: 1").events(1).cut(),
                wire -> wire.stream("Galerne-Oldest-Sequence: 4").cut(),
                wire ->
                    wire.stream("Galerne-Oldest-Sequence: 4")
                        .events(4)
                        .chunked(Samples.frame(5, Samples.completed("root", 5)))
                        .stall());
        Mistral mistral = client(server);
        EventStream stream = follow(mistral)) {
      assertThat(Heard.sequences(stream)).containsExactly(1L, 4L, 5L);
      assertThat(heard.gaps).containsExactly(new Gap(2, 3));
    }
  }

  @Test
  void failOnGapThrowsIfEventsExpired() {
    try (ScriptedServer server =
            ScriptedServer.of(wire -> wire.stream("Galerne-Oldest-Sequence: 9").stall());
        Mistral mistral = client(server)) {
      assertThatThrownBy(() -> mistral.events().getStreamEvents(b -> b.lastEventId(7).failOnGap()))
          .isInstanceOfSatisfying(
              StreamException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(StreamException.Kind.GAP);
                assertThat(e.position()).contains(Checkpoint.of(7));
              })
          .hasMessageContaining("8 to 8");
    }
  }

  @Test
  void backsOffAndResetsAfterProgress() {
    Script busy = wire -> wire.json(503, "{\"detail\":\"stopping\"}");
    try (ScriptedServer server =
            ScriptedServer.endingWith(
                REST,
                wire -> wire.stream().events(1).cut(),
                busy,
                busy,
                wire -> wire.stream().events(2).cut());
        Mistral mistral = client(server);
        EventStream stream = follow(mistral)) {
      assertDeliversAll(stream);
      assertThat(heard.disconnects)
          .extracting(disconnect -> disconnect.delay().toMillis())
          .containsExactly(500L, 1000L, 2000L, 500L);
    }
  }

  @Test
  void honoursTheReconnectionTimeOfTheServer() {
    try (ScriptedServer server =
            ScriptedServer.endingWith(
                REST,
                wire -> wire.json(429, "{}", "Retry-After: 7"),
                wire -> wire.json(503, "{}", "Retry-After: Tue, 24 Nov 2026 10:00:10 GMT"),
                wire -> wire.stream().chunked("retry: 4000\n" + Samples.frame(1)).cut());
        Mistral mistral = client(server);
        EventStream stream = follow(mistral)) {
      assertDeliversAll(stream);
      assertThat(heard.disconnects)
          .extracting(disconnect -> disconnect.delay().toMillis())
          .containsExactly(7000L, 3000L, 4000L);
    }
  }

  @Test
  void givesUpWithThePositionToResumeFrom() {
    Reconnection impatient = Reconnection.builder().maxElapsedTime(Duration.ofSeconds(10)).build();
    try (ScriptedServer server =
            ScriptedServer.endingWith(
                wire -> wire.json(503, "{\"detail\":\"stopping\"}"),
                wire -> wire.stream().events(1).cut());
        Mistral mistral = client(server);
        EventStream stream =
            mistral
                .events()
                .getStreamEvents(b -> b.options(o -> o.reconnection(impatient)).startSeq(1))) {
      assertThatThrownBy(() -> Heard.sequences(stream))
          .isInstanceOfSatisfying(
              StreamException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(StreamException.Kind.GAVE_UP);
                assertThat(e.position()).contains(Checkpoint.of(1));
              })
          .hasMessageContaining("4 attempts to reconnect")
          .hasMessageContaining("stopping")
          .hasCauseInstanceOf(ApiException.class);
    }
  }

  @Test
  void doesNotRetryPermanentErrors() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.stream().events(1).cut(),
                wire -> wire.json(401, "{\"detail\":\"unknown key\",\"code\":\"WF_1\"}"));
        Mistral mistral = client(server);
        EventStream stream = follow(mistral)) {
      assertThatThrownBy(() -> Heard.sequences(stream))
          .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(401))
          .hasMessageContaining("unknown key");
      assertThat(stream.position()).contains(Checkpoint.of(1));
      assertThat(stream.ending()).contains(Ending.FAILED);
    }
  }

  @Test
  void rejectsAPageInsteadOfAStream() {
    for (Script page :
        List.<Script>of(
            wire -> wire.answer(200, "text/html", "<h1>Log in</h1>"),
            wire -> wire.json(200, "<h1>Log in</h1>"))) {
      try (ScriptedServer server = ScriptedServer.of(wire -> wire.stream().events(1).cut(), page);
          Mistral mistral = client(server);
          EventStream stream = follow(mistral)) {
        assertThatThrownBy(() -> Heard.sequences(stream))
            .isInstanceOf(ApiException.class)
            .hasMessageContaining("<h1>Log in</h1>");
      }
    }
  }

  @Test
  void throwsIfAMessageIsNotAStreamEvent() {
    for (String data : List.of("{\"stream\":\"x\"", "[]", "{\"data\":{}}", "nonsense")) {
      try (ScriptedServer server =
              ScriptedServer.of(wire ->
                  wire.stream().events(1).chunked("id: 2\ndata: " + data + "\n\n").stall());
          Mistral mistral = client(server);
          EventStream stream = follow(mistral)) {
        assertThatThrownBy(() -> Heard.sequences(stream))
            .as(data)
            .isInstanceOfSatisfying(
                StreamException.class,
                e -> {
                  assertThat(e.kind()).isEqualTo(StreamException.Kind.MALFORMED);
                  assertThat(e.position()).contains(Checkpoint.of(1));
                })
            .hasMessageContaining("id '2'");
      }
    }
  }

  @Test
  void skipsMessagesOfUnknownKinds() {
    try (ScriptedServer server =
            ScriptedServer.endingWith(
                REST, wire -> wire.stream().chunked("event: ping\ndata: {}\n\n").events(1).end());
        Mistral mistral = client(server);
        EventStream stream = follow(mistral)) {
      assertDeliversAll(stream);
    }
  }

  @Test
  void emptyDataKeepsAStreamAlive() {
    try (ScriptedServer server =
            ScriptedServer.endingWith(
                REST,
                wire -> wire.stream().chunked("data:\n\n").events(1).chunked("data: \n\n").end());
        Mistral mistral = client(server);
        EventStream stream = follow(mistral)) {
      assertDeliversAll(stream);
    }
  }

  @Test
  void honoursARetryWithoutData() {
    try (ScriptedServer server =
            ScriptedServer.endingWith(
                REST, wire -> wire.stream().events(1).chunked("retry: 4000\n\n").cut());
        Mistral mistral = client(server);
        EventStream stream = follow(mistral)) {
      assertDeliversAll(stream);
      assertThat(heard.disconnects)
          .extracting(disconnect -> disconnect.delay().toMillis())
          .containsExactly(4000L);
    }
  }

  @Test
  void capsTheServersWaitAtFiveMinutes() {
    try (ScriptedServer server =
            ScriptedServer.endingWith(
                REST,
                wire -> wire.stream().chunked("retry: 86400000\n" + Samples.frame(1)).cut(),
                wire -> wire.json(503, "{}", "Retry-After: 86400"));
        Mistral mistral = client(server);
        EventStream stream = followForever(mistral)) {
      assertDeliversAll(stream);
      assertThat(heard.disconnects)
          .extracting(Disconnect::delay)
          .containsExactly(Reconnection.MAX_ASKED_DELAY, Reconnection.MAX_ASKED_DELAY);
    }
  }

  @Test
  void triesOnceEvenIfTheServerAsksForTooLongAWait() {
    Reconnection impatient = Reconnection.builder().maxElapsedTime(Duration.ofSeconds(10)).build();
    try (ScriptedServer server =
            ScriptedServer.endingWith(
                REST, wire -> wire.stream().chunked("retry: 86400000\n" + Samples.frame(1)).cut());
        Mistral mistral = client(server);
        EventStream stream =
            mistral
                .events()
                .getStreamEvents(b ->
                    b.untilTerminal().listener(heard).options(o -> o.reconnection(impatient)))) {
      assertDeliversAll(stream);
      assertThat(heard.disconnects)
          .extracting(Disconnect::delay)
          .containsExactly(Duration.ofSeconds(10));
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {408, 425, 429, 500, 502, 503, 504, 507, 508, 509, 520, 522, 524, 526, 529, 530, 599})
  void reconnectsAfterTemporaryStatuses(int status) {
    Script busy = wire -> wire.answer(status, "text/html", "<h1>Origin unreachable</h1>");
    try (ScriptedServer server =
            ScriptedServer.endingWith(REST, busy, wire -> wire.stream().events(1).cut(), busy);
        Mistral mistral = client(server);
        EventStream stream = follow(mistral)) {
      assertDeliversAll(stream);
      assertThat(heard.reasons())
          .containsExactly(
              Disconnect.Reason.NOT_CONNECTED,
              Disconnect.Reason.CUT,
              Disconnect.Reason.NOT_CONNECTED);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 410, 422, 501, 505, 511})
  void aPermanentStatusEndsTheStreamWithItsPosition(int status) {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.stream("Galerne-Log-Id: one").events(1).cut(),
                wire -> wire.json(status, "{\"detail\":\"no\"}"));
        Mistral mistral = client(server);
        EventStream stream = follow(mistral)) {
      assertThatThrownBy(() -> Heard.sequences(stream))
          .isInstanceOfSatisfying(
              ApiException.class,
              e -> {
                assertThat(e.status()).isEqualTo(status);
                assertThat(e.position()).contains(new Checkpoint("one", 1));
              })
          .hasMessageContaining("resume after sequence 1")
          .hasMessageNotContaining("Retries");
    }
  }

  @Test
  void failsAtOnceIfNothingListens() {
    ScriptedServer gone = ScriptedServer.of();
    gone.close();
    try (Mistral mistral = client(gone)) {
      assertThatThrownBy(() -> mistral.events().getStreamEvents(b -> {}))
          .isInstanceOf(ConnectionException.class)
          .hasMessageStartingWith("getStreamEvents: GET " + gone.url());
      assertThat(time.waits()).isEmpty();
    }
  }

  @Test
  void withoutReconnectionAnErrorFrameThrows() {
    try (ScriptedServer server =
            ScriptedServer.of(wire ->
                wire.stream()
                    .events(1)
                    .chunked("event: error\ndata: {\"error\":\"e\",\"reason\":\"r\"}\n\n")
                    .end());
        Mistral mistral = server.client().reconnection(Reconnection.off()).build();
        EventStream stream = mistral.events().getStreamEvents(b -> {})) {
      assertThat(stream.iterator().next().brokerSequence()).isEqualTo(1);
      assertThatThrownBy(() -> stream.iterator().hasNext())
          .isInstanceOfSatisfying(
              StreamException.class,
              e -> assertThat(e.kind()).isEqualTo(StreamException.Kind.ERROR_FRAME))
          .hasMessageContaining("e (r)");
    }
  }

  @Test
  void withoutReconnectionABrokenConnectionThrows() {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.stream().events(1).cut());
        Mistral mistral = server.client().build();
        EventStream stream =
            mistral
                .events()
                .getStreamEvents(b -> b.options(o -> o.reconnection(Reconnection.off())))) {
      assertThatThrownBy(() -> Heard.sequences(stream))
          .isInstanceOfSatisfying(
              StreamException.class, e -> assertThat(e.kind()).isEqualTo(StreamException.Kind.CUT));
    }
  }
}
