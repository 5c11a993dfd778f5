package io.galerne.cli.events;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Selects the events of an execution. A group of options extends it, because picocli does not
/// support mixins in groups.
abstract class ExecutionOptions {
  @Option(
      names = "--workflow-exec-id",
      paramLabel = "ID",
      description = "Only events of this execution.")
  @Nullable String workflowExecId;

  @Option(
      names = "--root-workflow-exec-id",
      paramLabel = "ID",
      description = "Only events of this execution and all its descendants.")
  @Nullable String rootWorkflowExecId;
}
