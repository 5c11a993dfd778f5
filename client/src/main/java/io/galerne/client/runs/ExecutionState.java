package io.galerne.client.runs;

import io.galerne.client.internal.http.Members;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.protocol.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The state of an execution's custom tasks, across all of its runs (contract, section 8).
/// Immutable.
public final class ExecutionState {
  private final long brokerSequence;
  private final List<TaskSnapshot> tasks;
  private final boolean truncated;
  private final Json json;

  private ExecutionState(Members answer, @Nullable PayloadDecoder decoder) {
    brokerSequence = answer.requiredInteger("broker_sequence");
    tasks =
        answer.requiredElements("tasks").stream()
            .map(task -> TaskSnapshot.of(task, decoder))
            .toList();
    truncated = answer.isTrue("truncated");
    json = answer.json();
  }

  /// Parses a state from the JSON of a response. Needed only by tests that replace the client.
  ///
  /// @param decoder decodes encoded payloads; null leaves them encoded
  /// @throws io.galerne.protocol.MalformedEventException if the JSON does not have the form of the
  ///     contract
  public static ExecutionState of(Json json, @Nullable PayloadDecoder decoder) {
    return new ExecutionState(Members.of(json), decoder);
  }

  /// The sequence of this state: a stream that resumes after it continues exactly from here.
  public long brokerSequence() {
    return brokerSequence;
  }

  /// The tasks in the order of their first events.
  public List<TaskSnapshot> tasks() {
    return tasks;
  }

  /// Whether the server omitted tasks because there were too many.
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
