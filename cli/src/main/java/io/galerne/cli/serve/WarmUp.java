package io.galerne.cli.serve;

import io.netty.channel.epoll.Epoll;
import org.rocksdb.RocksDB;
import org.slf4j.LoggerFactory;

/// Loads the server's classes in parallel to parsing the command line: each takes about half of the
/// start-up time.
public final class WarmUp {
  private WarmUp() {}

  /// Starts on its own thread. Failures are ignored: the server meets and reports them.
  public static void begin() {
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
