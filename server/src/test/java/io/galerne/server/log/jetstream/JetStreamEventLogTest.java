package io.galerne.server.log.jetstream;

import io.galerne.server.nats.NatsServers;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The contract on a NATS server as Debian has it. Nothing is kept in memory, so that every read asks
/// the cluster; [AtomicBatchesTest] has most reads find what they want in memory.
class JetStreamEventLogTest extends NatsContract {
  JetStreamEventLogTest() {
    super(0);
  }

  @BeforeAll
  static void startNats(@TempDir Path folder) {
    use(NatsServers.single(folder));
  }
}
