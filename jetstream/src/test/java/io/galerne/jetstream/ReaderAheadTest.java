package io.galerne.jetstream;

import static io.galerne.server.log.Logs.append;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.jetstream.nats.NatsServers;
import io.galerne.server.log.LogRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A reader that comes from a node that has seen more of the stream than this one.
@Timeout(60)
class ReaderAheadTest extends OneServerTest {
  @BeforeAll
  static void startNats(@TempDir Path folder) throws Exception {
    use(NatsServers.single(folder));
  }

  @Test
  void neverGetsAHeadBelowTheEventsItHasSeen() throws Exception {
    try (JetStreamEventLog ahead = log().open();
        JetStreamEventLog log = log().open()) {
      for (int i = 1; i <= 200; i++) {
        long seen = append(ahead, event("e" + i))[0];
        LogRange range = log.rangeAt(seen).get(20, SECONDS);
        assertThat(range.head()).isGreaterThanOrEqualTo(seen);
      }
    }
  }

  /// The first of two messages is not an event yet.
  @Test
  void waitsForTheEndOfAnIncompleteCommit() throws Exception {
    try (JetStreamEventLog log = log().open()) {
      List<CommitPart> parts = Commits.parts(1, events(1, 2), 7, 2);
      publish(parts.get(0), 0);
      CompletableFuture<LogRange> range = log.rangeAt(2);
      publish(parts.get(1), 1);
      assertThat(range.get(20, SECONDS).head()).isEqualTo(2);
    }
  }

  @Test
  void waitsASecondForASequenceThatNeverArrives() throws Exception {
    try (JetStreamEventLog log = log().open()) {
      append(log, event("e1"));
      long asked = System.nanoTime();
      assertThat(log.rangeAt(1_000_000).get(20, SECONDS)).isEqualTo(new LogRange(1, 1));
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isGreaterThan(Duration.ofMillis(900));
    }
  }
}
