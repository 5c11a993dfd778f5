package io.galerne.cli.serve;

import io.galerne.cli.DurationConverter;
import io.galerne.server.log.store.StoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/// The log's folder, and how long it keeps events.
@SuppressWarnings("NullAway.Init") // picocli sets every one
final class StorageOptions {
  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      defaultValue = "galerne-data",
      description = {
        "Folder of the event log; created if it is missing. With --log, it holds this server's view of"
            + " the log.",
        "GALERNE_DATA; default: ${DEFAULT-VALUE}"
      })
  private Path data;

  @Option(
      names = "--retention-age",
      paramLabel = "DURATION",
      converter = DurationConverter.OrNone.class,
      defaultValue = "30d",
      description = {
        "Minimum time that an event is kept; 'none' keeps events indefinitely.",
        "GALERNE_RETENTION_AGE; default: ${DEFAULT-VALUE}"
      })
  private Optional<Duration> retentionAge;

  @Option(
      names = "--retention-size",
      paramLabel = "SIZE",
      converter = SizeConverter.OrNone.class,
      defaultValue = "none",
      description = {
        "About how large the log may grow before its oldest events are deleted; 'none' sets no limit.",
        "GALERNE_RETENTION_SIZE; default: ${DEFAULT-VALUE}"
      })
  private Optional<Long> retentionSize;

  @Option(
      names = "--repeat-window",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "24h",
      description = {
        "Minimum time that a repeated event_id is recognised, so that its event is stored only once.",
        "GALERNE_REPEAT_WINDOW; default: ${DEFAULT-VALUE}"
      })
  private Duration repeatWindow;

  @Option(
      names = "--after-restore",
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      defaultValue = "false",
      description = {
        "For the first start after the log was restored from a backup: the log takes a new id and"
            + " skips some sequences, so that none is used twice.",
        "GALERNE_AFTER_RESTORE; default: ${DEFAULT-VALUE}"
      })
  private boolean afterRestore;

  /// Returns the store's settings.
  ///
  /// @throws IllegalArgumentException if they make no sense
  StoreConfig store() {
    return StoreConfig.builder(data)
        .retentionAge(retentionAge)
        .retentionBytes(retentionSize.map(OptionalLong::of).orElseGet(OptionalLong::empty))
        .repeatWindow(repeatWindow)
        .afterRestore(afterRestore)
        .build();
  }
}
