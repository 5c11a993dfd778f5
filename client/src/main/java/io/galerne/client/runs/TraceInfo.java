package io.galerne.client.runs;

import io.galerne.client.internal.http.Members;
import io.galerne.protocol.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The OpenTelemetry trace of an execution (contract, section 8).
///
/// @param traceId the id of the trace; null if there is none
/// @param hasTraceData whether the trace can be read
public record TraceInfo(@Nullable String traceId, boolean hasTraceData) {
  /// Parses the info from the JSON of a response. Needed only by tests that replace the client.
  ///
  /// @throws io.galerne.protocol.MalformedEventException if the JSON does not have the form of the
  ///     contract
  public static TraceInfo of(Json json) {
    Members answer = Members.of(json);
    return new TraceInfo(answer.string("otel_trace_id"), answer.isTrue("has_trace_data"));
  }

  /// The id of the trace; empty if there is none.
  public Optional<String> otelTraceId() {
    return Optional.ofNullable(traceId);
  }
}
