package io.galerne.client.runs;

import io.galerne.client.internal.http.Members;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.protocol.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The trace of an execution and its descendants as a tree of spans (contract, section 8).
/// Immutable.
public final class TraceSummary {
  private final Run run;
  private final @Nullable TraceSpan root;
  private final boolean truncated;
  private final Json json;

  private TraceSummary(Run run, Members answer) {
    Json tree = answer.value("span_tree");
    this.run = run;
    root = tree == null ? null : TraceSpan.of(tree);
    truncated = answer.isTrue("truncated");
    json = answer.json();
  }

  /// Parses a trace from the JSON of a response. Needed only by tests that replace the client.
  ///
  /// @param decoder decodes encoded payloads; null leaves them encoded
  /// @throws io.galerne.protocol.MalformedEventException if the JSON does not have the form of the
  ///     contract
  public static TraceSummary of(Json json, @Nullable PayloadDecoder decoder) {
    return new TraceSummary(Run.of(json, decoder), Members.of(json));
  }

  /// The newest run of the execution, with its result.
  public Run run() {
    return run;
  }

  /// The root span of the execution; empty if the server has none.
  public Optional<TraceSpan> spanTree() {
    return Optional.ofNullable(root);
  }

  /// Whether the server omitted spans or events because there were too many.
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
