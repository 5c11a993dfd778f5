package io.galerne.client;

import io.galerne.client.payload.PayloadDecoder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What happened in an execution and in all that it started, as a tree of spans (contract, section 8).
///
/// @param run the newest run of the execution, with its result
/// @param root the span of the execution; null if the server has none
/// @param truncated whether the server left something out because there was too much
public record TraceSummary(Run run, @Nullable TraceSpan root, boolean truncated) {
  static TraceSummary read(String body, @Nullable PayloadDecoder decoder) {
    Members answer = Members.of(body);
    return new TraceSummary(
        new Run(answer, decoder),
        Optional.ofNullable(answer.value("span_tree")).map(TraceSpan::of).orElse(null),
        answer.isTrue("truncated"));
  }

  /// The span of the execution, with all spans below it; empty if the server has none.
  public Optional<TraceSpan> spanTree() {
    return Optional.ofNullable(root);
  }
}
