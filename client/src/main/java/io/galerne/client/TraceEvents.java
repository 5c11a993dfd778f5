package io.galerne.client;

import io.galerne.client.payload.PayloadDecoder;
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

  static TraceEvents read(String body, @Nullable PayloadDecoder decoder) {
    Members answer = Members.of(body);
    return new TraceEvents(
        new Run(answer, decoder),
        answer.elements("events").stream().map(TraceEvent::of).toList(),
        answer.isTrue("truncated"));
  }
}
