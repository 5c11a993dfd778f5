package io.galerne.client.runs;

import io.galerne.client.internal.http.Members;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.protocol.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The trace of an execution and its descendants as an OpenTelemetry trace (contract, section 8).
///
/// @param run the newest run of the execution, with its result
/// @param dataSource the server's name for the source of the trace
/// @param traceId the id of the trace, the same for the whole tree of executions; null if the
///     server has none
/// @param data the trace; null if the server has none
public record OtelTrace(Run run, String dataSource, @Nullable String traceId, @Nullable Json data) {
  /// Parses a trace from the JSON of a response. Needed only by tests that replace the client.
  ///
  /// @param decoder decodes encoded payloads; null leaves them encoded
  /// @throws io.galerne.protocol.MalformedEventException if the JSON does not have the form of the
  ///     contract
  public static OtelTrace of(Json json, @Nullable PayloadDecoder decoder) {
    Members answer = Members.of(json);
    String source = answer.string("data_source");
    return new OtelTrace(
        Run.of(json, decoder),
        source == null ? "" : source,
        answer.string("otel_trace_id"),
        answer.value("otel_trace_data"));
  }

  /// The id of the trace, the same for the whole tree of executions; empty if the server has none.
  public Optional<String> otelTraceId() {
    return Optional.ofNullable(traceId);
  }

  /// The trace in Grafana Tempo's JSON format, verbatim; empty if the server has none.
  public Optional<Json> otelTraceData() {
    return Optional.ofNullable(data);
  }
}
