package io.galerne.client.runs;

import io.galerne.client.internal.http.Members;
import io.galerne.protocol.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The OpenTelemetry trace of an execution (contract, section 8). Immutable.
public final class TraceInfo {
  private final @Nullable String traceId;
  private final boolean hasTraceData;
  private final Json json;

  private TraceInfo(Members answer) {
    traceId = answer.string("otel_trace_id");
    hasTraceData = answer.isTrue("has_trace_data");
    json = answer.json();
  }

  /// Parses the info from the JSON of a response. Needed only by tests that replace the client.
  ///
  /// @throws io.galerne.protocol.MalformedEventException if the JSON does not have the form of the
  ///     contract
  public static TraceInfo of(Json json) {
    return new TraceInfo(Members.of(json));
  }

  /// The id of the trace; empty if there is none.
  public Optional<String> otelTraceId() {
    return Optional.ofNullable(traceId);
  }

  /// Whether the trace can be read.
  public boolean hasTraceData() {
    return hasTraceData;
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
