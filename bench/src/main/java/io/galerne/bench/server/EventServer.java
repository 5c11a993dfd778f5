package io.galerne.bench.server;

import io.galerne.bench.load.Template;
import java.net.InetSocketAddress;

/// A server that takes events over HTTP and delivers them as server-sent events: ours or a peer.
public interface EventServer extends AutoCloseable {
  /// Name for the table.
  String name();

  InetSocketAddress address();

  /// Request that publishes one event, which readers get in the form in which our server delivers it.
  Template publish();

  /// Path and query of the stream of one execution, from now on.
  String stream(int execution);

  ServerProcess process();

  /// Ends the server.
  @Override
  void close();
}
