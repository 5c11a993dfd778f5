package io.galerne.jetstream;

import io.galerne.jetstream.nats.NatsServers;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The contract on Debian's NATS server, with a node that keeps its view.
class JetStreamEventLogTest extends NatsContract {
  @BeforeAll
  static void startNats(@TempDir Path folder) {
    use(NatsServers.single(folder));
  }

  @Override
  String nodeThatReopens() {
    return "first";
  }
}
