package io.galerne.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A request for a stream: what all of them say. Immutable.
public sealed interface StreamRequest permits StreamEventsRequest, ExecutionStreamRequest {
  /// The query parameters, by their names on the wire, without the position.
  Map<String, List<String>> parameters();

  /// Where to resume; empty to start where the request says.
  Optional<Checkpoint> resumeAfter();

  /// How long nothing must follow the terminal event of an execution until it is over.
  Duration terminalGrace();

  /// Whether the stream throws if events are gone that it has not delivered.
  boolean failOnGap();

  /// Is told about connections, reconnections and gaps.
  StreamListener listener();

  /// What is different from the client's settings.
  RequestOptions options();
}
