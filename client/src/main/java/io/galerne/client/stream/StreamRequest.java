package io.galerne.client.stream;

import io.galerne.client.RequestOptions;
import io.galerne.client.checkpoint.Checkpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The common settings of all stream requests. Immutable.
public sealed interface StreamRequest permits StreamEventsRequest, ExecutionStreamRequest {
  /// The query parameters, by their names on the wire, without the position.
  Map<String, List<String>> parameters();

  /// The position to resume after; empty to start where the request says.
  Optional<Checkpoint> resumeAfter();

  /// How long an execution must stay silent after its terminal event to count as over.
  Duration terminalGrace();

  /// Whether the stream throws if events expired before it delivered them.
  boolean failOnGap();

  /// Receives connections, reconnections and gaps.
  StreamListener listener();

  /// The options that override the client's settings.
  RequestOptions options();
}
