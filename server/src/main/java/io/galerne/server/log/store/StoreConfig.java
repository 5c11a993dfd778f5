package io.galerne.server.log.store;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// The settings of a log that both engines have: where it is stored, and what is kept. Made with
/// [#builder]; every value but the first has a default.
///
/// @param folder where it is stored; created if it is missing. On a cluster, the node's own view of the
///     log: it can be deleted while the node does not run, and is then built again
/// @param retentionAge how long an event is kept at least; empty keeps events indefinitely
/// @param retentionBytes how many bytes of events are kept, before compression; empty for as many as
///     fit on the disk
/// @param repeatWindow how long a repeated `event_id` is recognised at least
/// @param afterRestore the log was put back from a backup: it takes a new id and leaves a gap of
///     sequences, so that none is assigned twice
/// @param indexBytes about how much of the index is collected in memory before it is written to disk;
///     up to twice as much is held
/// @param expiryInterval how often it looks for events to expire
/// @param clock when events are committed, for expiry and repeats
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

  /// Starts from the defaults.
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

    /// The settings, checked.
    ///
    /// @throws IllegalArgumentException if a value makes no sense; the message names the setting
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

    /// Enough to write the index in large pieces, little enough that deriving it again after a crash
    /// takes no more than a second or two. A small heap has less.
    private static long defaultIndexBytes() {
      return Math.min(48L << 20, Runtime.getRuntime().maxMemory() / 16);
    }
  }
}
