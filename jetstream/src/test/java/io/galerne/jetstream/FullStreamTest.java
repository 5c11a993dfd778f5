package io.galerne.jetstream;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.eventIds;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.jetstream.nats.NatsServers;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.SampleEvent;
import io.nats.client.Connection;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A stream that has reached the operator's `max_bytes`.
@Timeout(60)
class FullStreamTest {
  /// The time for a refused append on a busy machine; a retried one takes twelve seconds.
  private static final Duration AT_ONCE = Duration.ofSeconds(8);

  private static final int BATCH = 5;
  private static final int LITTLE = 64 * 1024;
  private static final int MEGABYTE = 1 << 20;

  @TempDir Path folder;

  @TempDir Path views;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesAtOnceIfFullAndContinuesIfThereIsRoom(boolean newer) throws Exception {
    try (NatsServers nats = newer ? NatsServers.newerSingle(folder) : NatsServers.single(folder);
        Connection client = nats.client(0);
        JetStreamEventLog log = JetStreamLogs.at(nats.urls(), views).open()) {
      limit(client, LITTLE);
      List<String> answered = new ArrayList<>();
      List<EventRecord> batch = batch(0);
      long began = System.nanoTime();
      LogUnavailableException refused = null;
      for (int i = 1; refused == null; i++) {
        try {
          began = System.nanoTime();
          append(log, batch);
          batch.forEach(event -> answered.add(id(event)));
          batch = batch(i);
        } catch (LogUnavailableException e) {
          refused = e;
        }
      }
      assertThat(refused.reason()).contains("GALERNE is full").contains("max_bytes");
      assertThat(System.nanoTime() - began).isLessThan(AT_ONCE.toNanos());
      assertThat(log.health().ready()).isTrue();
      assertThat(answered).isNotEmpty();
      assertThat(eventIds(readAll(log, "acme"))).isEqualTo(answered);

      limit(client, 2 * LITTLE);
      append(log, batch);
      batch.forEach(event -> answered.add(id(event)));
      assertThat(eventIds(readAll(log, "acme"))).isEqualTo(answered);
    }
  }

  /// The first message of a commit fits, and the next does not. The stored part stays, so the
  /// commit is not retried.
  @Test
  void refusesATooLargeCommitAtOnceAndTakesASmallerOne() throws Exception {
    try (NatsServers nats = NatsServers.single(folder);
        Connection client = nats.client(0);
        JetStreamEventLog log = JetStreamLogs.at(nats.urls(), views).open();
        JetStreamEventLog other = JetStreamLogs.at(nats.urls(), views).open()) {
      limit(client, 3 * MEGABYTE);
      append(log, event("before", 1_000));
      assertTooMuch(log);
      long kept = state(client).getMsgCount();
      assertThat(kept).as("the event, and the part of the large one that fits").isBetween(2L, 3L);
      for (int i = 0; i < 3; i++) {
        assertTooMuch(log);
      }
      assertThat(state(client).getMsgCount()).isEqualTo(kept);

      append(log, event("after", 1_000));
      append(other, event("there", 1_000));
      await().until(() -> log.range().equals(other.range()));
      for (JetStreamEventLog node : List.of(log, other)) {
        assertThat(eventIds(readAll(node, "acme"))).containsExactly("before", "after", "there");
      }
    }
  }

  private static void assertTooMuch(JetStreamEventLog log) {
    long began = System.nanoTime();
    assertThatThrownBy(() -> append(log, event("large", 3 * MEGABYTE + MEGABYTE / 2)))
        .isInstanceOf(LogUnavailableException.class)
        .hasMessageContaining("GALERNE is full");
    assertThat(System.nanoTime() - began).isLessThan(AT_ONCE.toNanos());
  }

  private static StreamState state(Connection client) throws Exception {
    return client.jetStreamManagement().getStreamInfo("GALERNE").getStreamState();
  }

  private static EventRecord event(String id, int bytes) {
    return SampleEvent.any().id(id).text("padding", "x".repeat(bytes)).record("acme");
  }

  private static String id(EventRecord event) {
    return String.valueOf(event.text(Field.EVENT_ID));
  }

  private static List<EventRecord> batch(int number) {
    List<EventRecord> batch = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      batch.add(event("e" + number + "-" + i, 1_000));
    }
    return batch;
  }

  private static void limit(Connection client, long bytes) throws Exception {
    StreamConfiguration now =
        client.jetStreamManagement().getStreamInfo("GALERNE").getConfiguration();
    client
        .jetStreamManagement()
        .updateStream(StreamConfiguration.builder(now).maxBytes(bytes).build());
  }
}
