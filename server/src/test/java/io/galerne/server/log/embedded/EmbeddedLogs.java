package io.galerne.server.log.embedded;

import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.SteppedClock;
import io.galerne.server.log.store.StoreConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// Opens embedded logs for tests. By default they keep everything, have a deduplication window of
/// one hour, and run expiry every millisecond.
///
/// Not safe for use by several threads.
public final class EmbeddedLogs {
  private final StoreConfig.Builder config;

  private EmbeddedLogs(Path folder) {
    this.config =
        StoreConfig.builder(folder)
            .clock(new SteppedClock(SampleEvent.NOW))
            .retentionAge(Optional.empty())
            .repeatWindow(Duration.ofHours(1))
            .expiryInterval(Duration.ofMillis(1));
  }

  public static EmbeddedLogs in(Path folder) {
    return new EmbeddedLogs(folder);
  }

  public EmbeddedLogs clock(Clock value) {
    config.clock(value);
    return this;
  }

  public EmbeddedLogs retentionAge(Duration value) {
    config.retentionAge(Optional.of(value));
    return this;
  }

  public EmbeddedLogs retentionBytes(long value) {
    config.retentionBytes(OptionalLong.of(value));
    return this;
  }

  public EmbeddedLogs repeatWindow(Duration value) {
    config.repeatWindow(value);
    return this;
  }

  /// Approximate size of the index in memory before it is written to disk.
  public EmbeddedLogs indexBytes(long value) {
    config.indexBytes(value);
    return this;
  }

  public EmbeddedEventLog open() {
    return EmbeddedEventLog.open(config.afterRestore(false).build());
  }

  /// Opens the log as restored from a backup.
  public EmbeddedEventLog openRestored() {
    return EmbeddedEventLog.open(config.afterRestore(true).build());
  }

  /// Copies a folder recursively, even while files are being written.
  public static Path copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
