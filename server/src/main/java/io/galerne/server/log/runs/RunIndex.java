package io.galerne.server.log.runs;

import java.util.Optional;

/// Looks up runs (contract, section 8). Every answer shows at least the events up to the head of the
/// log as it was when the question was asked. Blocks; safe for use by several threads.
///
/// All methods throw [io.galerne.server.log.LogUnavailableException] if the store cannot be read.
public interface RunIndex {
  /// Lists runs, from after a position, or from the beginning of the list.
  ///
  /// @param most how many runs to return at most: at least 1
  RunPage list(RunQuery query, Optional<RunPosition> after, int most);

  /// The run with that id; if executions share the id, the run whose first event is the newest.
  Optional<Run> run(String namespace, String runId);

  /// The newest run of an execution: the one whose first event is the newest.
  Optional<Run> newestRun(String namespace, String executionId);
}
