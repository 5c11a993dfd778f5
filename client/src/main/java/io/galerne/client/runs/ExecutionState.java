package io.galerne.client.runs;

import io.galerne.client.internal.http.Members;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.protocol.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The state of an execution's custom tasks, across all of its runs (contract, section 8).
///
/// @param brokerSequence the sequence of this state: a stream that resumes after it continues
///     exactly from here
/// @param tasks in the order of their first events
/// @param truncated whether the server omitted tasks because there were too many
/// @param json the server's JSON, verbatim
public record ExecutionState(
    long brokerSequence, List<TaskSnapshot> tasks, boolean truncated, Json json) {
  public ExecutionState {
    tasks = List.copyOf(tasks);
  }

  /// Parses a state from the JSON of a response. Needed only by tests that replace the client.
  ///
  /// @param decoder decodes encoded payloads; null leaves them encoded
  /// @throws io.galerne.protocol.MalformedEventException if the JSON does not have the form of the
  ///     contract
  public static ExecutionState of(Json json, @Nullable PayloadDecoder decoder) {
    Members answer = Members.of(json);
    return new ExecutionState(
        answer.requiredInteger("broker_sequence"),
        answer.requiredElements("tasks").stream()
            .map(task -> TaskSnapshot.of(task, decoder))
            .toList(),
        answer.isTrue("truncated"),
        answer.json());
  }
}
