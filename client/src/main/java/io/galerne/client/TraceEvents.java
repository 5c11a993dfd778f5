package io.galerne.client;

import io.galerne.client.internal.http.Members;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.protocol.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happened in an execution and in all that it started, as a flat list (contract, section 8).
///
/// @param run the newest run of the execution, with its result
/// @param events in the order of the log
/// @param truncated whether the server left something out because there was too much
public record TraceEvents(Run run, List<TraceEvent> events, boolean truncated) {
  public TraceEvents {
    events = List.copyOf(events);
  }

  /// Reads a trace from the JSON of an answer. Programs need this only to replace the client in a test.
  ///
  /// @param decoder what decodes encoded payloads; null if they stay as they came
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
