package io.galerne.server.log.embedded;

import io.galerne.server.log.store.StoreConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// What an embedded log is opened with.
///
/// @param folder where it is kept; created if it is missing
/// @param retentionAge how long an event is kept at least; empty for ever
/// @param retentionBytes how many bytes of events are kept, before compression; empty for as many as
///     fit on the disk
/// @param repeatWindow how long a repeated `event_id` is recognised at least
/// @param afterRestore the folder was put back from a backup
/// @param indexBytes about how much of the index is collected in memory before it is written to disk;
///     up to twice as much is held
/// @param expiryInterval how often it looks for events to expire
/// @param clock when events are committed, for expiry and repeats
public record EmbeddedLogConfig(
    Path folder,
    Optional<Duration> retentionAge,
    OptionalLong retentionBytes,
    Duration repeatWindow,
    boolean afterRestore,
    long indexBytes,
    Duration expiryInterval,
    Clock clock) {

  /// Starts from the defaults.
  public static Builder builder(Path folder) {
    return new Builder(folder);
  }

  /// Collects settings. Not safe for use by several threads.
  public static final class Builder {
    private final Path folder;
    private Optional<Duration> retentionAge = Optional.of(StoreConfig.DEFAULT_RETENTION_AGE);
    private OptionalLong retentionBytes = OptionalLong.empty();
    private Duration repeatWindow = StoreConfig.DEFAULT_REPEAT_WINDOW;
    private boolean afterRestore;

    private Builder(Path folder) {
      this.folder = folder;
    }

    public Builder retentionAge(Optional<Duration> age) {
      this.retentionAge = age;
      return this;
    }

    public Builder retentionBytes(OptionalLong bytes) {
      this.retentionBytes = bytes;
      return this;
    }

    public Builder repeatWindow(Duration window) {
      this.repeatWindow = window;
      return this;
    }

    public Builder afterRestore(boolean restored) {
      this.afterRestore = restored;
      return this;
    }

    /// The settings, checked.
    ///
    /// @throws IllegalArgumentException if a value makes no sense; the message names the setting
    public EmbeddedLogConfig build() {
      StoreConfig.check(retentionAge, retentionBytes, repeatWindow);
      return new EmbeddedLogConfig(
          folder,
          retentionAge,
          retentionBytes,
          repeatWindow,
          afterRestore,
          StoreConfig.defaultIndexBytes(),
          StoreConfig.DEFAULT_EXPIRY_INTERVAL,
          Clock.systemUTC());
    }
  }
}
