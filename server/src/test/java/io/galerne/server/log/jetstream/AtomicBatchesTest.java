package io.galerne.server.log.jetstream;

import io.galerne.server.nats.NatsServers;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The contract on a newer NATS server, which stores batches as one and takes several patterns.
class AtomicBatchesTest extends OneServerContract {
  AtomicBatchesTest() {
    super(8 << 20);
  }

  @BeforeAll
  static void startNats(@TempDir Path folder) {
    use(NatsServers.newerSingle(folder));
  }
}
