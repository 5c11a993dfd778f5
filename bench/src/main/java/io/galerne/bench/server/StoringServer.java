package io.galerne.bench.server;

import io.galerne.bench.load.Template;

/// An event server that answers a publisher when the events are synced to disk.
public interface StoringServer extends EventServer {
  /// Returns a request that publishes `events` events of 512 B each: a batch, or a single one.
  Template store(int events);
}
