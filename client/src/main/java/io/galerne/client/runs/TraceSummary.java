package io.galerne.client.runs;

import io.galerne.client.internal.http.Members;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.protocol.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The trace of an execution and its descendants as a tree of spans (contract, section 8).
///
/// @param run the newest run of the execution, with its result
/// @param root the span of the execution; null if the server has none
/// @param truncated whether the server omitted spans or events because there were too many
public record TraceSummary(Run run, @Nullable TraceSpan root, boolean truncated) {
  /// Parses a trace from the JSON of a response. Needed only by tests that replace the client.
  ///
  /// @param decoder decodes encoded payloads; null leaves them encoded
  /// @throws io.galerne.protocol.MalformedEventException if the JSON does not have the form of the
  ///     contract
  public static TraceSummary of(Json json, @Nullable PayloadDecoder decoder) {
    Members answer = Members.of(json);
    return new TraceSummary(
        Run.of(json, decoder),
        Optional.ofNullable(answer.value("span_tree")).map(TraceSpan::of).orElse(null),
        answer.isTrue("truncated"));
  }

  /// The root span of the execution; empty if the server has none.
  public Optional<TraceSpan> spanTree() {
    return Optional.ofNullable(root);
  }
}
