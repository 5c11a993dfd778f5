package io.galerne.server.log.store;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/// What a store is opened with.
///
/// @param folder where it is; created if it is missing
/// @param label what the folder holds, in one line, such as `embedded log`; a folder with another
///     label is refused
/// @param logId the id of the log that the store is of; a store of another log is refused. Empty if
///     the store is the log, and makes an id of its own
/// @param retentionAge how long an event is kept at least; empty for ever
/// @param retentionBytes how many bytes of events are kept, before compression; empty for as many as
///     fit on the disk
/// @param repeatWindow how long a repeated `event_id` is recognised at least
/// @param afterRestore the folder was put back from a backup: the log takes a new id and leaves a gap
///     of sequences
/// @param indexBytes about how much of the index is collected in memory before it is written to disk;
///     up to twice as much is held
/// @param expiryInterval how often it looks for events to expire
/// @param clock when events are committed, for expiry and repeats
/// @param onExpired is called after everything before a sequence has expired here by age or size, on
///     the thread `galerne-expiry`
public record StoreConfig(
    Path folder,
    String label,
    Optional<String> logId,
    Optional<Duration> retentionAge,
    OptionalLong retentionBytes,
    Duration repeatWindow,
    boolean afterRestore,
    long indexBytes,
    Duration expiryInterval,
    Clock clock,
    LongConsumer onExpired) {
  public static final Duration DEFAULT_RETENTION_AGE = Duration.ofDays(30);
  public static final Duration DEFAULT_REPEAT_WINDOW = Duration.ofHours(24);
  public static final Duration DEFAULT_EXPIRY_INTERVAL = Duration.ofSeconds(30);

  private static final Duration LEAST_REPEAT_WINDOW = Duration.ofMinutes(1);
  private static final long LEAST_RETENTION_BYTES = 1 << 20;

  /// Checks what an operator sets.
  ///
  /// @throws IllegalArgumentException if a value makes no sense; the message names the setting
  public static void check(
      Optional<Duration> retentionAge, OptionalLong retentionBytes, Duration repeatWindow) {
    require(
        retentionAge.isEmpty() || retentionAge.get().isPositive(),
        "`retentionAge` must be more than zero");
    require(
        retentionBytes.isEmpty() || retentionBytes.getAsLong() >= LEAST_RETENTION_BYTES,
        "`retentionBytes` must be 1 MiB or more");
    require(
        repeatWindow.compareTo(LEAST_REPEAT_WINDOW) >= 0,
        "`repeatWindow` must be one minute or more");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /// How much of the index a store collects if nothing else is said: enough to write it in large
  /// pieces, little enough that a crash costs no more than a second or two. A small heap has less.
  public static long defaultIndexBytes() {
    return Math.min(48L << 20, Runtime.getRuntime().maxMemory() / 16);
  }
}
