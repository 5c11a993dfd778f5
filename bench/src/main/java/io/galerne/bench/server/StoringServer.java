package io.galerne.bench.server;

import io.galerne.bench.load.Template;

/// An event server that answers a publisher once the events are synced to the disk.
public interface StoringServer extends EventServer {
  /// Request that publishes `events` events of 512 B each: a batch, or a single one.
  Template store(int events);
}
