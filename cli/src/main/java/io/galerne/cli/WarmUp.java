package io.galerne.cli;

import io.netty.channel.epoll.Epoll;
import org.rocksdb.RocksDB;
import org.slf4j.LoggerFactory;

/// Loads what every server needs while the command line is still being read: each takes about half of
/// the time of a start, and neither needs the other.
final class WarmUp {
  private WarmUp() {}

  /// Begins, on a thread of its own. What goes wrong here is left to the server to meet and report.
  static void begin() {
    Thread.ofPlatform().name("galerne-warm-up").daemon().start(WarmUp::load);
  }

  private static void load() {
    try {
      LoggerFactory.getILoggerFactory();
      RocksDB.loadLibrary();
      Epoll.isAvailable();
    } catch (RuntimeException | LinkageError e) {
      LoggerFactory.getLogger(WarmUp.class).debug("Warming up failed", e);
    }
  }
}
