package io.galerne.bench.server;

import io.galerne.bench.load.Template;
import java.net.InetSocketAddress;

/// A server that accepts events over HTTP and delivers them as server-sent events: ours or a peer.
public interface EventServer extends AutoCloseable {
  /// Returns the name for the table.
  String name();

  InetSocketAddress address();

  /// Returns a request that publishes one event, which readers get in the form of our server.
  Template publish();

  /// Returns path and query of the stream of one execution, for new events only.
  String stream(int execution);

  ServerProcess process();

  /// Ends the server.
  @Override
  void close();
}
