package io.galerne.cli.events;

import io.galerne.protocol.EventType;
import io.galerne.protocol.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// The filters of a stream: an event must match all of them.
final class FilterOptions extends ExecutionOptions {
  @Option(
      names = "--parent-workflow-exec-id",
      paramLabel = "ID",
      description = "Only events of executions that this one started.")
  @Nullable String parentWorkflowExecId;

  @Option(
      names = "--workflow-name",
      paramLabel = "NAME",
      description = "Only events of workflows with this name.")
  @Nullable String workflowName;

  @Option(
      names = "--activity-name",
      paramLabel = "NAME",
      description = "Only events of activities with this name.")
  @Nullable String activityName;

  @Option(
      names = "--activity-id",
      paramLabel = "ID",
      description = "Only events of the activity with this id.")
  @Nullable String activityId;

  @Option(
      names = "--stream",
      paramLabel = "NAME",
      description = "Only events of this stream: workflow, activity or a type of custom task.")
  @Nullable String stream;

  @Option(
      names = "--scope",
      paramLabel = "SCOPE",
      converter = ScopeConverter.class,
      description = "Only events of this scope: workflow or activity.")
  @Nullable Scope scope;

  @Option(
      names = "--workflow-event-types",
      paramLabel = "TYPES",
      split = ",",
      hideParamSyntax = true,
      description = "Only events of these types, such as CUSTOM_TASK_STARTED,CUSTOM_TASK_FAILED.")
  List<EventType> workflowEventTypes = List.of();

  @Option(
      names = "--metadata",
      paramLabel = "KEY=VALUE",
      hideParamSyntax = true,
      description = "Only events with this in their metadata. May be repeated: all must match.")
  Map<String, String> metadata = new LinkedHashMap<>();

  /// Reads a scope by its name on the wire.
  static final class ScopeConverter implements ITypeConverter<Scope> {
    @Override
    public Scope convert(String text) {
      for (Scope scope : Scope.values()) {
        if (scope.wireName().equalsIgnoreCase(text.strip())) {
          return scope;
        }
      }
      throw new TypeConversionException("'" + text + "' is not a scope: use workflow or activity");
    }
  }

  /// Returns whether there are no filters.
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
