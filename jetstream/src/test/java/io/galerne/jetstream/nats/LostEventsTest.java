package io.galerne.jetstream.nats;

import static io.galerne.server.RunningServer.LIST;
import static io.galerne.server.RunningServer.STREAM;
import static io.galerne.server.RunningServer.STREAM_EVENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.jetstream.JetStreamLogs;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.StreamReader;
import io.galerne.server.StreamReader.End;
import io.galerne.server.log.EventLog;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A NATS server that restarts with an older copy of its store: answered events are gone, and
/// servers that have seen them must not continue as if nothing had happened.
@Timeout(90)
class LostEventsTest {
  /// More than a server takes to be sure, on a busy machine.
  private static final Duration BOUND = Duration.ofSeconds(20);

  private static final String NEW = STREAM + "?start_seq=-1";

  @TempDir Path folder;

  private NatsServers nats;

  @BeforeEach
  void startNats() {
    nats = NatsServers.single(folder.resolve("nats"));
  }

  @AfterEach
  void stopNats() {
    nats.close();
  }

  private JetStreamLogs log() {
    return log(nats.url(0));
  }

  private JetStreamLogs log(String url) {
    JetStreamLogs log = JetStreamLogs.at(List.of(url), folder).stream("LOG").replicas(1);
    return log.clock(Clock.systemUTC());
  }

  private RunningServer start(EventLog log) {
    return RunningServer.start(RunningServer.config(), log);
  }

  private static HttpResponse<String> publish(RunningServer server, String id) {
    return server.post(STREAM_EVENT, SampleEvents.streamEvent(SampleEvents.event(id, "run-1")));
  }

  private static long published(RunningServer server, String id) {
    HttpResponse<String> answer = publish(server, id);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Long.parseLong(answer.body().replaceAll("\\D", ""));
  }

  /// Copies the store while nothing writes to it.
  private void backUp() {
    nats.stop(0);
    nats.backUp(0, folder.resolve("backup"));
    nats.start(0);
  }

  private void putBack() {
    nats.kill(0);
    nats.putBack(0, folder.resolve("backup"));
    nats.start(0);
  }

  private static void awaitReady(RunningServer server) {
    await().atMost(BOUND).until(() -> server.get("/health/ready").statusCode() == 200);
  }

  private void publishWhatIsKeptAndWhatWillBeLost(RunningServer server) {
    published(server, "kept");
    backUp();
    awaitReady(server);
    published(server, "lost-1");
    published(server, "lost-2");
  }

  /// Asserts that the server refuses appends and reports the problem with the remedy.
  private static void assertTakesNothing(RunningServer server, String problem) {
    await().atMost(BOUND).until(() -> server.get("/health/ready").body().contains(problem));
    for (HttpResponse<String> answer :
        List.of(server.get("/health/ready"), publish(server, "refused"))) {
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body())
          .contains(problem, "its servers have lost events", "stop all nodes", "`afterRestore`");
    }
    assertThat(publish(server, "refused").headers().firstValue("Retry-After")).contains("1");
    assertThat(server.metric("galerne_log_ready")).isZero();
  }

  @Test
  void aServerThatHasSeenThemRefusesAppendsAndKeepsItsReaders() throws Exception {
    try (RunningServer server = start(log().open());
        StreamReader live = server.stream(NEW).open()) {
      publishWhatIsKeptAndWhatWillBeLost(server);
      live.await(3);
      try (LogLines log = LogLines.capture()) {
        putBack();
        assertTakesNothing(server, "The NATS stream LOG ends at 1 and once held 3");
        assertThat(log.messages()).filteredOn(it -> it.contains("`afterRestore`")).hasSize(1);
      }
      assertThat(live.end()).isEqualTo(End.OPEN);
      assertThat(live.sequences()).containsExactly(1L, 2L, 3L);
      try (StreamReader late = server.stream(NEW).open()) {
        assertThat(late.status()).isEqualTo(200);
      }
    }
    try (RunningServer restored = start(log().openRestored())) {
      assertThat(restored.get(LIST).body()).contains("kept").doesNotContain("lost-");
      assertThat(published(restored, "lost-1")).isGreaterThan(1L << 30);
    }
  }

  /// Another server started after that, and appended other events in their place.
  @Test
  void aServerThatHasSeenThemIsNotMisledByOthers() throws Exception {
    try (RunningServer server = start(log().open());
        StreamReader live = server.stream(NEW).open()) {
      publishWhatIsKeptAndWhatWillBeLost(server);
      live.await(3);

      nats.cutClients(0);
      putBack();
      try (RunningServer misled = start(log(nats.directUrl(0)).open())) {
        for (int i = 1; i <= 5; i++) {
          published(misled, "other-" + i);
        }
      }
      nats.healClients(0);

      assertTakesNothing(server, "The NATS stream LOG holds another message at 3 than it once did");
      assertThat(live.end()).isEqualTo(End.OPEN);
      assertThat(live.sequences()).containsExactly(1L, 2L, 3L);
    }
  }
}
