package io.galerne.server;

import static io.galerne.server.RunningServer.STREAM;
import static io.galerne.server.RunningServer.STREAM_EVENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.log.embedded.EmbeddedEventLog;
import io.galerne.server.log.store.StoreConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What a reader can rely on after a restart of the server.
@Timeout(60)
@ExtendWith(QuietServer.class)
class RestartTest {
  @TempDir Path folder;

  private static String logId(RunningServer server) {
    try (StreamReader reader = server.stream(STREAM).open()) {
      return reader.header("Galerne-Log-Id");
    }
  }

  private static long publish(RunningServer server, String id) {
    String body = SampleEvents.streamEvent(SampleEvents.event(id, "run-1"));
    return Long.parseLong(server.post(STREAM_EVENT, body).body().replaceAll("\\D", ""));
  }

  @Test
  void sequencesContinueAndTheLogKeepsItsId() {
    String id;
    try (RunningServer server = RunningServer.start(folder)) {
      id = logId(server);
      assertThat(publish(server, "one")).isEqualTo(1);
    }
    for (int i = 2; i < 5; i++) {
      try (RunningServer server = RunningServer.start(folder)) {
        assertThat(logId(server)).isEqualTo(id);
        assertThat(publish(server, "another " + i)).isEqualTo(i);
      }
    }
  }

  @Test
  void aRestoreChangesTheLogIdAndReusesNoSequence() {
    String id;
    try (RunningServer server = RunningServer.start(folder)) {
      id = logId(server);
      publish(server, "one");
    }
    long next;
    String restored;
    try (RunningServer server =
        RunningServer.start(
            RunningServer.config(),
            EmbeddedEventLog.open(StoreConfig.builder(folder).afterRestore(true).build()))) {
      restored = logId(server);
      assertThat(restored).isNotEqualTo(id);
      next = publish(server, "two");
      assertThat(next).isGreaterThan(1_000_000);
      try (StreamReader reader = server.stream(STREAM).open()) {
        reader.await(2);
        assertThat(reader.sequences()).containsExactly(1L, next);
      }
    }
    try (RunningServer server = RunningServer.start(folder)) {
      assertThat(logId(server)).isEqualTo(restored);
      assertThat(publish(server, "three")).isEqualTo(next + 1);
    }
  }

  @Test
  void closeIsIdempotent() {
    RunningServer server = RunningServer.start(folder);
    server.stop();
    server.stop();
    server.close();
  }
}
