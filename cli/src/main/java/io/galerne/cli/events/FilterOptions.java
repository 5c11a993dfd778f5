package io.galerne.cli.events;

import io.galerne.protocol.EventType;
import io.galerne.protocol.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which events of a stream are wanted: those that all of these let pass.
final class FilterOptions {
  @Option(
      names = "--workflow-exec-id",
      paramLabel = "ID",
      description = "Only events of this execution.")
  @Nullable String workflowExecId;

  @Option(
      names = "--root-workflow-exec-id",
      paramLabel = "ID",
      description = "Only those of this execution and all that descend from it.")
  @Nullable String rootWorkflowExecId;

  @Option(
      names = "--parent-workflow-exec-id",
      paramLabel = "ID",
      description = "Only those of executions that this one started.")
  @Nullable String parentWorkflowExecId;

  @Option(
      names = "--workflow-name",
      paramLabel = "NAME",
      description = "Only those of workflows of this name.")
  @Nullable String workflowName;

  @Option(
      names = "--activity-name",
      paramLabel = "NAME",
      description = "Only those of activities of this name.")
  @Nullable String activityName;

  @Option(
      names = "--activity-id",
      paramLabel = "ID",
      description = "Only those of the activity with this id.")
  @Nullable String activityId;

  @Option(
      names = "--stream",
      paramLabel = "NAME",
      description = "Only those of this stream: workflow, activity or a type of custom tasks.")
  @Nullable String stream;

  @Option(
      names = "--scope",
      paramLabel = "SCOPE",
      description = "Only those of workflows, or only those of activities: workflow or activity.")
  @Nullable Scope scope;

  @Option(
      names = "--workflow-event-types",
      paramLabel = "TYPES",
      split = ",",
      hideParamSyntax = true,
      description = "Only those of these types, such as CUSTOM_TASK_STARTED,CUSTOM_TASK_FAILED.")
  List<EventType> workflowEventTypes = List.of();

  @Option(
      names = "--metadata",
      paramLabel = "KEY=VALUE",
      hideParamSyntax = true,
      description = "Only those with this in their metadata. May be repeated: all must match.")
  Map<String, String> metadata = new LinkedHashMap<>();

  /// Whether all events pass.
  boolean areNone() {
    return scope == null
        && workflowEventTypes.isEmpty()
        && metadata.isEmpty()
        && Stream.of(
                workflowExecId,
                rootWorkflowExecId,
                parentWorkflowExecId,
                workflowName,
                activityName,
                activityId,
                stream)
            .allMatch(Objects::isNull);
  }
}
