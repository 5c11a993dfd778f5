package io.galerne.client.runs;

import io.galerne.client.internal.http.Members;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.protocol.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The trace of an execution and its descendants as a flat list (contract, section 8). Immutable.
public final class TraceEvents {
  private final Run run;
  private final List<TraceEvent> events;
  private final boolean truncated;
  private final Json json;

  private TraceEvents(Run run, Members answer) {
    this.run = run;
    events = answer.elements("events").stream().map(TraceEvent::of).toList();
    truncated = answer.isTrue("truncated");
    json = answer.json();
  }

  /// Parses a trace from the JSON of a response. Needed only by tests that replace the client.
  ///
  /// @param decoder decodes encoded payloads; null leaves them encoded
  /// @throws io.galerne.protocol.MalformedEventException if the JSON does not have the form of the
  ///     contract
  public static TraceEvents of(Json json, @Nullable PayloadDecoder decoder) {
    return new TraceEvents(Run.of(json, decoder), Members.of(json));
  }

  /// The newest run of the execution, with its result.
  public Run run() {
    return run;
  }

  /// The events in the order of the log.
  public List<TraceEvent> events() {
    return events;
  }

  /// Whether the server omitted events because there were too many.
  public boolean truncated() {
    return truncated;
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
