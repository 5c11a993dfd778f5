package io.galerne.jetstream;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.jetstream.nats.NatsServers;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.LogOpenException;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.Logs;
import io.galerne.server.log.SampleEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A stream that was restored from a backup while nodes have seen more of it.
@Timeout(120)
class LostEndTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  private static EventRecord event(String id) {
    return SampleEvent.any().id(id).record("acme");
  }

  private JetStreamLogs node(NatsServers nats, String name) {
    return JetStreamLogs.at(nats.urls(), folder).node(name);
  }

  private void backUp(NatsServers nats) {
    nats.stop(0);
    nats.backUp(0, folder.resolve("backup"));
    nats.start(0);
  }

  /// Restores the store; the server must not run.
  private void putBack(NatsServers nats) {
    nats.putBack(0, folder.resolve("backup"));
    nats.start(0);
  }

  private static void appendPatiently(JetStreamEventLog log, String id, long sequence) {
    await().atMost(PATIENCE).ignoreExceptions().until(() -> append(log, event(id))[0] == sequence);
  }

  @Test
  void refusesWaitingAppendsAndKeepsTheAppendsOfOthers() {
    try (NatsServers nats = NatsServers.single(folder.resolve("nats"));
        JetStreamEventLog log = node(nats, "one").open()) {
      append(log, event("kept"));
      backUp(nats);
      appendPatiently(log, "lost", 2);
      nats.kill(0);
      CompletableFuture<long[]> waiting = log.append(List.of(event("waits")));
      putBack(nats);
      await().atMost(PATIENCE).until(() -> log.health().detail().contains("have lost events"));
      assertThat(waiting)
          .failsWithin(PATIENCE)
          .withThrowableThat()
          .withCauseInstanceOf(LogUnavailableException.class);

      try (JetStreamEventLog other = node(nats, "other").open()) {
        append(other, event("new-2")); // the stream ends where it did for the first node
        assertThat(log.append(List.of(event("refused")))).failsWithin(PATIENCE);
        append(other, event("new-3"));
        assertThat(Logs.eventIds(readAll(other, "acme"))).containsExactly("kept", "new-2", "new-3");
      }
      assertThat(Logs.eventIds(readAll(log, "acme"))).containsExactly("kept", "lost");
    }
  }

  @Test
  void aRestartedNodeFindsAStreamShorterThanItsView() {
    try (NatsServers nats = NatsServers.single(folder.resolve("nats"))) {
      try (JetStreamEventLog log = node(nats, "one").open()) {
        append(log, event("kept"));
        backUp(nats);
        appendPatiently(log, "lost", 2);
      }
      nats.kill(0);
      putBack(nats);
      assertThatThrownBy(() -> node(nats, "one").open())
          .isInstanceOf(LogOpenException.class)
          .hasMessageContaining("ends at 1")
          .hasMessageContaining("goes up to 2")
          .hasMessageContaining("its servers have lost events")
          .hasMessageContaining("`afterRestore`");
      try (JetStreamEventLog restored = node(nats, "one").openRestored()) {
        assertThat(Logs.eventIds(readAll(restored, "acme"))).containsExactly("kept");
        assertThat(append(restored, event("lost"))[0]).isGreaterThan(1L << 30);
      }
    }
  }

  /// Another node has appended as many other events in their place.
  @Test
  void aRestartedNodeFindsOtherEventsThanInItsView() {
    try (NatsServers nats = NatsServers.single(folder.resolve("nats"))) {
      try (JetStreamEventLog log = node(nats, "one").open()) {
        append(log, event("kept"));
        backUp(nats);
        appendPatiently(log, "lost", 2);
      }
      nats.kill(0);
      putBack(nats);
      try (JetStreamEventLog other = node(nats, "other").open()) {
        append(other, event("news"));
        append(other, event("more"));
      }
      assertThatThrownBy(() -> node(nats, "one").open())
          .isInstanceOf(LogOpenException.class)
          .hasMessageContaining("holds another message at 2")
          .hasMessageContaining("its servers have lost events");
    }
  }
}
