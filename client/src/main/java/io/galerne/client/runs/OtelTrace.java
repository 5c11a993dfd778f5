package io.galerne.client.runs;

import io.galerne.client.internal.http.Members;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.protocol.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The trace of an execution and its descendants as an OpenTelemetry trace (contract, section 8).
/// Immutable.
public final class OtelTrace {
  private final Run run;
  private final String dataSource;
  private final @Nullable String traceId;
  private final @Nullable Json data;
  private final Json json;

  private OtelTrace(Run run, Members answer) {
    String source = answer.string("data_source");
    this.run = run;
    dataSource = source == null ? "" : source;
    traceId = answer.string("otel_trace_id");
    data = answer.value("otel_trace_data");
    json = answer.json();
  }

  /// Parses a trace from the JSON of a response. Needed only by tests that replace the client.
  ///
  /// @param decoder decodes encoded payloads; null leaves them encoded
  /// @throws io.galerne.protocol.MalformedEventException if the JSON does not have the form of the
  ///     contract
  public static OtelTrace of(Json json, @Nullable PayloadDecoder decoder) {
    return new OtelTrace(Run.of(json, decoder), Members.of(json));
  }

  /// The newest run of the execution, with its result.
  public Run run() {
    return run;
  }

  /// The server's name for the source of the trace; `""` if it does not say.
  public String dataSource() {
    return dataSource;
  }

  /// The id of the trace, the same for the whole tree of executions; empty if the server has none.
  public Optional<String> otelTraceId() {
    return Optional.ofNullable(traceId);
  }

  /// The trace in Grafana Tempo's JSON format, verbatim; empty if the server has none.
  public Optional<Json> otelTraceData() {
    return Optional.ofNullable(data);
  }

  /// The server's JSON, verbatim.
  public Json json() {
    return json;
  }

  /// The server's JSON.
  @Override
  public String toString() {
    return json.text();
  }
}
