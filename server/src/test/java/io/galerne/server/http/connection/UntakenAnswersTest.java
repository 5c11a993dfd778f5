package io.galerne.server.http.connection;

import static io.galerne.server.RunningServer.LIST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.server.QuietServer;
import io.galerne.server.RawConnection;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A client that sends requests without reading the answers.
@Timeout(120)
@ExtendWith(QuietServer.class)
class UntakenAnswersTest {
  private static final String ANSWERED =
      "galerne_http_requests_total{operation=\"list_events\",status=\"200\"}";
  private static final int PAGE_EVENTS = 20;
  private static final int EVENT_BYTES = 900_000;

  @TempDir Path folder;

  @Test
  void readsTheNextRequestAfterTheAnswerIsTaken() {
    try (RunningServer server = RunningServer.start(folder)) {
      for (int i = 0; i < PAGE_EVENTS; i++) {
        server.publish(SampleEvents.large("large" + i, "run-1", EVENT_BYTES));
      }
      try (RawConnection greedy = server.connect()) {
        greedy.send(("GET " + LIST + "?limit=1000 HTTP/1.1\r\nHost: test\r\n\r\n").repeat(10));
        await().until(() -> server.metric(ANSWERED) > 0);
        for (int i = 0; i < 10; i++) { // long enough to answer all
          assertThat(server.get(LIST + "?limit=1000").statusCode()).isEqualTo(200);
        }
        assertThat(server.metric(ANSWERED)).isEqualTo(1 + 10);

        for (int i = 0; i < 10; i++) {
          assertThat(greedy.answer().status()).isEqualTo(200);
        }
        assertThat(server.metric(ANSWERED)).isEqualTo(10 + 10);
      }
    }
  }
}
