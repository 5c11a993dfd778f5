package io.galerne.server.log.jetstream;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.eventIds;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.nats.NatsServers;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A stream whose last messages an operator has deleted: it ends with sequences that nobody gets.
@Timeout(60)
class DeletedEndTest extends OneServerTest {
  @BeforeAll
  static void startNats(@TempDir Path folder) throws Exception {
    use(NatsServers.single(folder));
  }

  private static EventRecord event(String id) {
    return SampleEvent.any().id(id).record("acme");
  }

  private void delete(long... sequences) throws Exception {
    for (long sequence : sequences) {
      assertThat(client.jetStreamManagement().deleteMessage(name, sequence)).isTrue();
    }
  }

  @Test
  void aNodeStartsAndAppendsBehindIt() throws Exception {
    try (JetStreamEventLog log = openWithoutMemory()) {
      append(log, event("e1"));
      append(log, event("e2"), event("e3"));
    }
    delete(2, 3);
    try (JetStreamEventLog log = openWithoutMemory()) {
      assertThat(eventIds(readAll(log, "acme"))).containsExactly("e1");
      assertThat(append(log, event("e4"))[0]).isGreaterThan(3);
      assertThat(eventIds(readAll(log, "acme"))).containsExactly("e1", "e4");
    }
  }

  @Test
  void aNodeThatWasAwayMeanwhileGoesOnBehindIt() throws Exception {
    try (JetStreamEventLog away = JetStreamLogs.at(nats.urls()).stream(name).recentBytes(0).open();
        JetStreamEventLog log = openWithoutMemory()) {
      append(log, event("e1"));
      await().until(() -> away.range().head() == 1);
      nats.cutClients(0);
      append(log, event("e2"));
      append(log, event("e3"));
      delete(2, 3);
      nats.healClients(0);
      await().until(() -> away.health().ready());

      append(away, event("e4"));
      assertThat(eventIds(readAll(away, "acme"))).containsExactly("e1", "e4");
      await().until(() -> log.range().equals(away.range()));
      assertThat(eventIds(readAll(log, "acme"))).containsExactly("e1", "e4");
    }
  }
}
