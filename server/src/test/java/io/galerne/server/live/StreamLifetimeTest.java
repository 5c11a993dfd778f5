package io.galerne.server.live;

import static io.galerne.server.RunningServer.STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.server.QuietServer;
import io.galerne.server.ResumingReader;
import io.galerne.server.ResumingReader.Seen;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.StreamReader;
import io.galerne.server.StreamReader.End;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The lifetime and number of streams.
@Timeout(60)
@ExtendWith(QuietServer.class)
class StreamLifetimeTest {
  @TempDir Path folder;

  @Test
  void aStreamAtItsMaximumAgeEndsAndItsReaderResumes() throws Exception {
    List<Long> published = new ArrayList<>();
    try (RunningServer server =
            RunningServer.start(
                folder,
                RunningServer.config().maxStreamDuration(Optional.of(Duration.ofMillis(1))));
        StreamReader once = server.stream(STREAM).open();
        ResumingReader resuming = ResumingReader.start(server::uri, STREAM)) {
      while (once.end() == End.OPEN || resuming.connections() < 3) {
        server.publish(SampleEvents.event("e" + published.size(), "run-1"));
        published.add(published.size() + 1L);
      }
      assertThat(once.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(once.endsBetweenFrames()).isTrue();
      resuming.awaitSequence(published.size());
      assertThat(resuming.seen().stream().map(Seen::sequence).toList()).isEqualTo(published);
    }
  }

  @Test
  void refusesAStreamOverTheLimitUntilAnotherEnds() {
    try (RunningServer server = RunningServer.start(folder, RunningServer.config().maxStreams(2))) {
      StreamReader first = server.stream(STREAM).open();
      StreamReader second = server.stream("/v1/workflows/executions/a/stream").open();
      assertThat(second.status()).isEqualTo(200);

      HttpResponse<String> refused = server.get(STREAM);

      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(refused.body())
          .isEqualTo(
              "{\"detail\":\"This server has reached its limit of open streams\","
                  + "\"code\":\"WF_1400\"}");
      assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
      first.close();
      await()
          .untilAsserted(() -> {
            try (StreamReader third = server.stream(STREAM).open()) {
              assertThat(third.status()).isEqualTo(200);
            }
          });
      second.close();
    }
  }

  @Test
  void ignoresWhatAReaderSendsDuringItsStream() {
    try (RunningServer server = RunningServer.start(folder);
        var connection = server.connect()) {
      String request = "GET " + STREAM + " HTTP/1.1\r\nHost: test\r\n\r\n";
      connection.send(request + request).answer();
      connection.send(request.repeat(100));
      server.publish(SampleEvents.event("one", "run-1"));

      assertThat(connection.chunk() + connection.chunk()).startsWith("retry: 2000\nid: 1\ndata: {");
    }
  }

  @Test
  void disconnectedReadersLeaveNothingBehind() {
    try (RunningServer server = RunningServer.start(folder)) {
      for (int i = 0; i < 100; i++) {
        StreamReader reader =
            server.stream(STREAM + (i % 2 == 0 ? "" : "?workflow_exec_id=run-1")).open();
        server.publish(SampleEvents.event("e" + i, "run-" + i % 3));
        reader.close();
      }
      await()
          .untilAsserted(() -> {
            assertThat(server.metric("galerne_readers_live")).isZero();
            assertThat(server.metric("galerne_readers_behind")).isZero();
          });
      try (StreamReader reader = server.stream(STREAM).open()) {
        reader.await(100);
        assertThat(reader.sequences()).isEqualTo(LongStream.rangeClosed(1, 100).boxed().toList());
      }
    }
  }
}
