package io.galerne.server.log.jetstream;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.Logs;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.nats.NatsServers;
import io.nats.client.Connection;
import io.nats.client.PublishOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A stream whose servers lose its end while a node waits for the rest of a batch, to append behind it.
@Timeout(90)
class LostEndTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  private static EventRecord event(String id) {
    return SampleEvent.any().id(id).record("acme");
  }

  private static void beginBatch(NatsServers nats, long last) throws Exception {
    List<EventRecord> events = List.of(event("torn-0"), event("torn-1"), event("torn-2"));
    StoredMessage first = Batches.of(events, 1 << 20, SampleEvent.NOW.toEpochMilli()).getFirst();
    String subject = new Subjects("GALERNE").of(events.getFirst());
    PublishOptions expecting = PublishOptions.builder().expectedLastSequence(last).build();
    try (Connection client = nats.client(0)) {
      client.jetStream().publish(subject, first.data(), expecting);
      await().until(() -> OneServerTest.isAllDelivered(client, "GALERNE"));
    }
  }

  @Test
  void theNodeRefusesWhatWaitsAndFencesNothingThatOthersHaveAppendedSince() throws Exception {
    try (NatsServers nats = NatsServers.single(folder.resolve("nats"));
        JetStreamEventLog log = JetStreamLogs.at(nats.urls()).open()) {
      append(log, event("kept"));
      nats.stop(0);
      nats.backUp(0, folder.resolve("backup"));
      nats.start(0);
      await().atMost(PATIENCE).ignoreExceptions().until(() -> append(log, event("lost"))[0] == 2);
      beginBatch(nats, 2);
      nats.kill(0);
      CompletableFuture<long[]> waiting = log.append(List.of(event("waits")));
      nats.putBack(0, folder.resolve("backup"));
      nats.start(0);
      await().atMost(PATIENCE).until(() -> log.health().detail().contains("have lost events"));
      assertThat(waiting)
          .failsWithin(PATIENCE)
          .withThrowableThat()
          .withCauseInstanceOf(LogUnavailableException.class);

      try (JetStreamEventLog other = JetStreamLogs.at(nats.urls()).recentBytes(0).open()) {
        append(other, event("new-2"));
        append(other, event("new-3")); // the stream ends where it did for the first node
        assertThat(log.append(List.of(event("in vain")))).failsWithin(PATIENCE);
        append(other, event("new-4"));
        assertThat(Logs.eventIds(readAll(other, "acme")))
            .containsExactly("kept", "new-2", "new-3", "new-4");
      }
    }
  }
}
