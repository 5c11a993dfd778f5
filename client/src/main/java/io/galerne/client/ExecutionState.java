package io.galerne.client;

import io.galerne.client.internal.http.Members;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.protocol.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the custom tasks of an execution hold, over all of its runs (contract, section 8).
///
/// @param brokerSequence the sequence of which this is the state: a stream that resumes after it
///     continues from exactly here
/// @param tasks in the order of their first events
/// @param truncated whether the server left tasks out because there were too many
/// @param json what the server said, exactly as it came
public record ExecutionState(
    long brokerSequence, List<TaskSnapshot> tasks, boolean truncated, Json json) {
  public ExecutionState {
    tasks = List.copyOf(tasks);
  }

  /// Reads a state from the JSON of an answer. Programs need this only to replace the client in a test.
  ///
  /// @param decoder what decodes encoded payloads; null if they stay as they came
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
