package io.galerne.jetstream;

import io.galerne.jetstream.nats.NatsServers;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The contract on three newer NATS servers, with a new node each time, which builds its view
/// first.
class ClusterContractTest extends NatsContract {
  private static int nodes;

  @BeforeAll
  static void startNats(@TempDir Path folder) {
    use(NatsServers.newerCluster(folder));
  }

  @Override
  String nodeThatReopens() {
    return "other-" + ++nodes;
  }
}
