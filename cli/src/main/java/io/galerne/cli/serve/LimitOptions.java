package io.galerne.cli.serve;

import io.galerne.cli.CountConverter;
import io.galerne.cli.DurationConverter;
import io.galerne.server.ServerConfig;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The limits of requests, connections and streams.
@SuppressWarnings("NullAway.Init") // picocli sets every one
final class LimitOptions {
  @Option(
      names = "--max-event-size",
      paramLabel = "SIZE",
      converter = SizeConverter.InMemory.class,
      defaultValue = "2MiB",
      description = {
        "Largest event, in bytes of UTF-8 after escapes are decoded; at most 15MiB.",
        "GALERNE_MAX_EVENT_SIZE; default: ${DEFAULT-VALUE}"
      })
  private int maxEventSize;

  @Option(
      names = "--max-body-size",
      paramLabel = "SIZE",
      converter = SizeConverter.InMemory.class,
      defaultValue = "16MiB",
      description = {
        "Largest request body; at least --max-event-size.",
        "GALERNE_MAX_BODY_SIZE; default: ${DEFAULT-VALUE}"
      })
  private int maxBodySize;

  @Option(
      names = "--max-batch-events",
      paramLabel = "COUNT",
      converter = CountConverter.class,
      defaultValue = "" + ServerConfig.DEFAULT_MAX_BATCH_EVENTS,
      description = {
        "Most events in one request body.",
        "GALERNE_MAX_BATCH_EVENTS; default: ${DEFAULT-VALUE}"
      })
  private int maxBatchEvents;

  @Option(
      names = "--max-connections",
      paramLabel = "COUNT",
      converter = CountConverter.class,
      defaultValue = "" + ServerConfig.DEFAULT_MAX_CONNECTIONS,
      description = {
        "Most connections at a time.",
        "GALERNE_MAX_CONNECTIONS; default: ${DEFAULT-VALUE}"
      })
  private int maxConnections;

  @Option(
      names = "--max-streams",
      paramLabel = "COUNT",
      converter = CountConverter.class,
      defaultValue = "" + ServerConfig.DEFAULT_MAX_STREAMS,
      description = {
        "Most open streams at a time.",
        "GALERNE_MAX_STREAMS; default: ${DEFAULT-VALUE}"
      })
  private int maxStreams;

  @Option(
      names = "--keep-alive",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "15s",
      description = {
        "How long a stream may be silent before the server sends a comment.",
        "GALERNE_KEEP_ALIVE; default: ${DEFAULT-VALUE}"
      })
  private Duration keepAlive;

  @Option(
      names = "--max-stream-duration",
      paramLabel = "DURATION",
      converter = DurationConverter.OrNone.class,
      defaultValue = "none",
      description = {
        "How long a stream may stay open; readers then reconnect and continue. 'none' sets no limit.",
        "GALERNE_MAX_STREAM_DURATION; default: ${DEFAULT-VALUE}"
      })
  private Optional<Duration> maxStreamDuration;

  @Option(
      names = "--execution-grace",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "2s",
      description = {
        "How long to wait after an execution's last event before ending its streams; 0s to 1h.",
        "GALERNE_EXECUTION_GRACE; default: ${DEFAULT-VALUE}"
      })
  private Duration executionGrace;

  void applyTo(ServerConfig.Builder config) {
    config
        .maxEventBytes(maxEventSize)
        .maxBodyBytes(maxBodySize)
        .maxBatchEvents(maxBatchEvents)
        .maxConnections(maxConnections)
        .maxStreams(maxStreams)
        .keepAlive(keepAlive)
        .maxStreamDuration(maxStreamDuration)
        .executionGrace(executionGrace);
  }
}
