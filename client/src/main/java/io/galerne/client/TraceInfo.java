package io.galerne.client;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which OpenTelemetry trace an execution is of (contract, section 8).
///
/// @param traceId the id of the trace; null if there is none
/// @param hasTraceData whether the trace can be read
public record TraceInfo(@Nullable String traceId, boolean hasTraceData) {
  static TraceInfo read(String body) {
    Members answer = Members.of(body);
    return new TraceInfo(answer.string("otel_trace_id"), answer.isTrue("has_trace_data"));
  }

  /// The id of the trace; empty if there is none.
  public Optional<String> otelTraceId() {
    return Optional.ofNullable(traceId);
  }
}
