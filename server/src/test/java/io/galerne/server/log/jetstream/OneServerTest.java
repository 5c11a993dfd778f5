package io.galerne.server.log.jetstream;

import io.galerne.server.nats.NatsServers;
import io.nats.client.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/// What tests of a log on one NATS server share: the server, which the test that extends this starts, a
/// connection to it, and a stream of its own for each test.
abstract class OneServerTest {
  static NatsServers nats;
  static Connection client;
  private static int logs;

  final String name = "LOG" + ++logs;

  static void use(NatsServers server) throws Exception {
    nats = server;
    client = server.client(0);
  }

  @AfterAll
  static void stopNats() throws Exception {
    client.close();
    nats.close();
  }

  JetStreamLogs log() {
    return JetStreamLogs.at(List.of(nats.directUrl(0))).stream(name);
  }

  /// A log whose reads all ask the cluster.
  JetStreamEventLog openWithoutMemory() {
    return log().recentBytes(0).open();
  }

  /// Whether all that a stream holds has been sent to who follows it.
  static boolean isAllDelivered(Connection client, String stream) throws Exception {
    return client.jetStreamManagement().getConsumers(stream).stream()
        .allMatch(consumer -> consumer.getNumPending() == 0);
  }
}
