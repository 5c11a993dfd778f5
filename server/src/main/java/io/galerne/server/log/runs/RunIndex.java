package io.galerne.server.log.runs;

import java.util.Optional;

/// Queries runs (contract, section 8). Every result reflects at least the events up to the head of
/// the log at the time of the call. Blocks; safe for use by several threads.
///
/// All methods throw [io.galerne.server.log.LogUnavailableException] if the store cannot be read.
public interface RunIndex {
  /// Lists runs after a position, or from the start of the list.
  ///
  /// @param most the maximum number of runs to return, at least 1
  RunPage list(RunQuery query, Optional<RunPosition> after, int most);

  /// The run with this id; if executions share the id, the run whose first event is the newest.
  Optional<Run> run(String namespace, String runId);

  /// The newest run of an execution: the one whose first event is the newest.
  Optional<Run> newestRun(String namespace, String executionId);
}
