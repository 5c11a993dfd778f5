package io.galerne.client.runs;

import io.galerne.client.internal.http.Members;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.protocol.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The trace of an execution and its descendants as a flat list (contract, section 8).
///
/// @param run the newest run of the execution, with its result
/// @param events in the order of the log
/// @param truncated whether the server omitted events because there were too many
public record TraceEvents(Run run, List<TraceEvent> events, boolean truncated) {
  public TraceEvents {
    events = List.copyOf(events);
  }

  /// Parses a trace from the JSON of a response. Needed only by tests that replace the client.
  ///
  /// @param decoder decodes encoded payloads; null leaves them encoded
  /// @throws io.galerne.protocol.MalformedEventException if the JSON does not have the form of the
  ///     contract
  public static TraceEvents of(Json json, @Nullable PayloadDecoder decoder) {
    Members answer = Members.of(json);
    return new TraceEvents(
        Run.of(json, decoder),
        answer.elements("events").stream().map(TraceEvent::of).toList(),
        answer.isTrue("truncated"));
  }
}
