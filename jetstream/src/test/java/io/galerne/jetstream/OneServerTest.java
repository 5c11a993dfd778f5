package io.galerne.jetstream;

import io.galerne.jetstream.nats.NatsServers;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.SampleEvent;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.PublishOptions;
import io.nats.client.PurgeOptions;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/// The common base of tests on one NATS server: the server, which the subclass starts, a connection
/// to it, and a stream for each test.
abstract class OneServerTest {
  static NatsServers nats;
  static Connection client;
  private static int logs;

  @TempDir static Path views;

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

  /// Returns a node with an empty view, unless it gets a name.
  JetStreamLogs log() {
    return JetStreamLogs.at(List.of(nats.directUrl(0)), views).stream(name);
  }

  /// Returns the same node each time, with its view.
  JetStreamLogs sameNode() {
    return log().node(name);
  }

  static EventRecord event(String id) {
    return SampleEvent.any().id(id).record("acme");
  }

  static EventRecord large(String id, int bytes) {
    return SampleEvent.any().id(id).text("padding", "x".repeat(bytes)).record("acme");
  }

  static List<EventRecord> events(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(i -> event("e" + i)).toList();
  }

  static List<String> ids(int first, int last) {
    return new ArrayList<>(IntStream.rangeClosed(first, last).mapToObj(i -> "e" + i).toList());
  }

  StreamState state() throws IOException, JetStreamApiException {
    return client.jetStreamManagement().getStreamInfo(name).getStreamState();
  }

  /// Publishes a message as a foreign client, without an expected last message.
  long publish(byte[] data) throws IOException, JetStreamApiException {
    return client.jetStream().publish(LogStream.subject(name), data).getSeqno();
  }

  /// Publishes a message as another node that expects `last` to be the last message.
  long publish(CommitPart part, long last) throws IOException, JetStreamApiException {
    PublishOptions expecting = PublishOptions.builder().expectedLastSequence(last).build();
    return client
        .jetStream()
        .publish(LogStream.subject(name), part.message(), expecting)
        .getSeqno();
  }

  void purgeBefore(long position) throws IOException, JetStreamApiException {
    PurgeOptions options = PurgeOptions.builder().sequence(position).build();
    client.jetStreamManagement().purgeStream(name, options);
  }

  void delete(long position) throws IOException, JetStreamApiException {
    client.jetStreamManagement().deleteMessage(name, position);
  }
}
