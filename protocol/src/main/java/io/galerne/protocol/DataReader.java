package io.galerne.protocol;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads one event, with its members in any order. For one event only.
final class DataReader {
  private @Nullable String eventId;
  private @Nullable Long eventTimestampNanos;
  private @Nullable String rootWorkflowExecId;
  private @Nullable String parentWorkflowExecId;
  private @Nullable String workflowExecId;
  private @Nullable String workflowRunId;
  private @Nullable String workflowName;
  private @Nullable String continuedRunId;
  private @Nullable String firstExecutionRunId;
  private @Nullable String chainRunId;
  private @Nullable String scheduleId;
  private @Nullable String eventType;
  private boolean optionalMemberWrong;
  private final AttributeReader attributes = new AttributeReader();

  /// Reads the event, a JSON value of any type.
  static Event read(TokenCursor in) {
    return new DataReader().event(in);
  }

  private Event event(TokenCursor in) {
    Json json;
    if (in.atObject()) {
      int from = in.from();
      for (String name = in.nextMember(); name != null; name = in.nextMember()) {
        member(name, in);
      }
      json = in.slice(from);
    } else {
      json = in.value();
    }
    Optional<EventType> type =
        eventType == null ? Optional.empty() : EventType.ofWireName(eventType);
    if (type.isPresent() && hasWholeHeader()) {
      try {
        return attributes.event(type.get(), header(), json);
      } catch (AttributeReader.SchemaMismatch e) {
        return new UnknownEvent(header(), type.get().wireName(), json);
      }
    }
    return new UnknownEvent(header(), orEmpty(eventType), json);
  }

  private void member(String name, TokenCursor in) {
    switch (name) {
      case "event_id" -> eventId = in.string();
      case "event_timestamp" -> eventTimestampNanos = in.integer();
      case "root_workflow_exec_id" -> rootWorkflowExecId = in.string();
      case "parent_workflow_exec_id" -> parentWorkflowExecId = optional(in);
      case "workflow_exec_id" -> workflowExecId = in.string();
      case "workflow_run_id" -> workflowRunId = in.string();
      case "workflow_name" -> workflowName = in.string();
      case "continued_run_id" -> continuedRunId = optional(in);
      case "first_execution_run_id" -> firstExecutionRunId = optional(in);
      case "chain_run_id" -> chainRunId = optional(in);
      case "schedule_id" -> scheduleId = optional(in);
      case "event_type" -> eventType = in.string();
      case "attributes" -> attributes.read(in);
      default -> in.skip();
    }
  }

  private @Nullable String optional(TokenCursor in) {
    optionalMemberWrong |= !in.atString() && !in.atNull();
    return in.string();
  }

  private boolean hasWholeHeader() {
    return eventId != null
        && eventTimestampNanos != null
        && rootWorkflowExecId != null
        && workflowExecId != null
        && workflowRunId != null
        && workflowName != null
        && !optionalMemberWrong;
  }

  private EventHeader header() {
    return EventHeader.builder()
        .eventId(orEmpty(eventId))
        .eventTimestampNanos(eventTimestampNanos == null ? 0 : eventTimestampNanos)
        .rootWorkflowExecId(orEmpty(rootWorkflowExecId))
        .parentWorkflowExecId(parentWorkflowExecId)
        .workflowExecId(orEmpty(workflowExecId))
        .workflowRunId(orEmpty(workflowRunId))
        .workflowName(orEmpty(workflowName))
        .continuedRunId(continuedRunId)
        .firstExecutionRunId(firstExecutionRunId)
        .chainRunId(chainRunId)
        .scheduleId(scheduleId)
        .build();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
