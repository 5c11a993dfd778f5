package io.galerne.client;

import io.galerne.client.internal.http.Members;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.protocol.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What happened in an execution and in all that it started, as a tree of spans (contract, section 8).
///
/// @param run the newest run of the execution, with its result
/// @param root the span of the execution; null if the server has none
/// @param truncated whether the server left something out because there was too much
public record TraceSummary(Run run, @Nullable TraceSpan root, boolean truncated) {
  /// Reads a trace from the JSON of an answer. Programs need this only to replace the client in a test.
  ///
  /// @param decoder what decodes encoded payloads; null if they stay as they came
  /// @throws io.galerne.protocol.MalformedEventException if the JSON does not have the form of the
  ///     contract
  public static TraceSummary of(Json json, @Nullable PayloadDecoder decoder) {
    Members answer = Members.of(json);
    return new TraceSummary(
        Run.of(json, decoder),
        Optional.ofNullable(answer.value("span_tree")).map(TraceSpan::of).orElse(null),
        answer.isTrue("truncated"));
  }

  /// The span of the execution, with all spans below it; empty if the server has none.
  public Optional<TraceSpan> spanTree() {
    return Optional.ofNullable(root);
  }
}
