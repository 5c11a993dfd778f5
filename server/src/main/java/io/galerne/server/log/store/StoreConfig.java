package io.galerne.server.log.store;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// The settings of a log's store, which both engines share. Build it with [#builder]; every value
/// except `folder` has a default.
///
/// @param folder the data folder; created if missing. On a cluster, the node's own view of the log:
///     it can be deleted while the node is stopped, and is then rebuilt
/// @param retentionAge minimum age before an event expires; empty keeps events indefinitely
/// @param retentionBytes bytes of events to keep, before compression; empty for no limit but the
///     disk
/// @param repeatWindow minimum time for which a repeated `event_id` is recognised
/// @param afterRestore the log was restored from a backup: it takes a new id and skips a range of
///     sequences, so that none is assigned twice
/// @param indexBytes approximate size of the index in memory before it is written to disk; up to
///     twice as much is in use
/// @param expiryInterval interval between expiry runs
/// @param clock source of commit times, for expiry and deduplication
public record StoreConfig(
    Path folder,
    Optional<Duration> retentionAge,
    OptionalLong retentionBytes,
    Duration repeatWindow,
    boolean afterRestore,
    long indexBytes,
    Duration expiryInterval,
    Clock clock) {
  private static final Duration LEAST_REPEAT_WINDOW = Duration.ofMinutes(1);
  private static final long LEAST_RETENTION_BYTES = 1 << 20;

  /// A builder with the defaults.
  public static Builder builder(Path folder) {
    return new Builder(folder);
  }

  /// Collects settings. Not safe for use by several threads.
  public static final class Builder {
    private final Path folder;
    private Optional<Duration> retentionAge = Optional.of(Duration.ofDays(30));
    private OptionalLong retentionBytes = OptionalLong.empty();
    private Duration repeatWindow = Duration.ofHours(24);
    private boolean afterRestore;
    private long indexBytes = defaultIndexBytes();
    private Duration expiryInterval = Duration.ofSeconds(30);
    private Clock clock = Clock.systemUTC();

    private Builder(Path folder) {
      this.folder = folder;
    }

    /// Default: 30 days.
    public Builder retentionAge(Optional<Duration> age) {
      this.retentionAge = age;
      return this;
    }

    /// Default: empty.
    public Builder retentionBytes(OptionalLong bytes) {
      this.retentionBytes = bytes;
      return this;
    }

    /// Default: 24 hours.
    public Builder repeatWindow(Duration window) {
      this.repeatWindow = window;
      return this;
    }

    /// Default: false.
    public Builder afterRestore(boolean restored) {
      this.afterRestore = restored;
      return this;
    }

    /// Default: 48 MiB, or a sixteenth of the heap if that is less.
    public Builder indexBytes(long bytes) {
      this.indexBytes = bytes;
      return this;
    }

    /// Default: 30 s.
    public Builder expiryInterval(Duration interval) {
      this.expiryInterval = interval;
      return this;
    }

    /// Default: the system's clock.
    public Builder clock(Clock source) {
      this.clock = source;
      return this;
    }

    /// Validates and builds the settings.
    ///
    /// @throws IllegalArgumentException if a value is out of range; the message names the setting
    public StoreConfig build() {
      require(!folder.toString().isEmpty(), "`folder` must not be empty");
      require(
          retentionAge.isEmpty() || retentionAge.get().isPositive(),
          "`retentionAge` must be more than zero");
      require(
          retentionBytes.isEmpty() || retentionBytes.getAsLong() >= LEAST_RETENTION_BYTES,
          "`retentionBytes` must be 1 MiB or more");
      require(
          repeatWindow.compareTo(LEAST_REPEAT_WINDOW) >= 0,
          "`repeatWindow` must be one minute or more");
      return new StoreConfig(
          folder,
          retentionAge,
          retentionBytes,
          repeatWindow,
          afterRestore,
          indexBytes,
          expiryInterval,
          clock);
    }

    private static void require(boolean condition, String message) {
      if (!condition) {
        throw new IllegalArgumentException(message);
      }
    }

    /// Large enough to write the index in large pieces, small enough to derive it again within a
    /// second or two after a crash. Less on a small heap.
    private static long defaultIndexBytes() {
      return Math.min(48L << 20, Runtime.getRuntime().maxMemory() / 16);
    }
  }
}
