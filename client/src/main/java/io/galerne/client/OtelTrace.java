package io.galerne.client;

import io.galerne.client.internal.http.Members;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.protocol.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What happened in an execution and in all that it started, as an OpenTelemetry trace (contract,
/// section 8).
///
/// @param run the newest run of the execution, with its result
/// @param dataSource where the server has the trace from, in its own word
/// @param traceId the id of the trace, the same for the whole tree of executions; null if the server
///     has none
/// @param data the trace; null if the server has none
public record OtelTrace(Run run, String dataSource, @Nullable String traceId, @Nullable Json data) {
  /// Reads a trace from the JSON of an answer. Programs need this only to replace the client in a test.
  ///
  /// @param decoder what decodes encoded payloads; null if they stay as they came
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

  /// The trace in the JSON of Tempo, exactly as it came, as Grafana's Tempo and other readers of that
  /// form take it; empty if the server has none.
  public Optional<Json> otelTraceData() {
    return Optional.ofNullable(data);
  }
}
