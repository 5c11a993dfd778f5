package io.galerne.server.log.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.nats.NatsServers;
import io.nats.client.Connection;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract on three newer NATS servers, which store batches as one and take several patterns.
class AtomicBatchesTest extends NatsContract {
  private static NatsServers cluster;

  AtomicBatchesTest() {
    super(8 << 20);
  }

  @BeforeAll
  static void startNats(@TempDir Path folder) {
    cluster = NatsServers.newerCluster(folder);
    use(cluster);
  }

  @Test
  void batchesAreStoredAsOneWhereThereAreSeveralReplicas() throws Exception {
    assertThat(isStoredAsOne(cluster)).isTrue();
  }

  @Test
  void theFirstMessageGoesAheadWhereThereIsOneReplica(@TempDir Path folder) throws Exception {
    try (NatsServers single = NatsServers.newerSingle(folder)) {
      assertThat(isStoredAsOne(single)).isFalse();
    }
  }

  private static boolean isStoredAsOne(NatsServers servers) throws Exception {
    List<EventRecord> batch =
        List.of(
            SampleEvent.any().id("e1").record("acme"), SampleEvent.any().id("e2").record("acme"));
    try (JetStreamEventLog log = JetStreamLogs.at(servers.urls()).stream("BATCH").open();
        Connection client = servers.client(0)) {
      assertThat(log.append(batch).get(10, TimeUnit.SECONDS)).containsExactly(1, 2);
      return client
          .jetStreamManagement()
          .getMessage("BATCH", 1)
          .getHeaders()
          .containsKey("Nats-Batch-Id");
    }
  }
}
