package io.galerne.protocol;

import java.time.Instant;
import java.util.Optional;

/// A workflow event (contract, section 1): of one of the 17 types, or an [UnknownEvent]. Immutable.
///
/// Two events are equal if their JSON texts are identical.
@WireJson
public sealed interface Event
    permits WorkflowExecutionEvent,
        WorkflowTaskEvent,
        CustomTaskEvent,
        ActivityTaskEvent,
        UnknownEvent {
  /// The common fields of all events.
  EventHeader header();

  /// The whole event: verbatim as received, including unknown members, or as rendered if it was
  /// built here.
  Json json();

  /// The type's name on the wire, such as `CUSTOM_TASK_STARTED`.
  String eventType();

  /// The type; empty if it is unknown. An [UnknownEvent] may have a known type, if it lacks a
  /// required attribute.
  default Optional<EventType> type() {
    return EventType.ofWireName(eventType());
  }

  /// Whether the event ends its execution: see [EventType#endsExecution()].
  default boolean endsExecution() {
    return type().filter(EventType::endsExecution).isPresent();
  }

  /// Whether the event's execution is a root, which no other execution started.
  default boolean isOfRoot() {
    return header().workflowExecId().equals(header().rootWorkflowExecId());
  }

  /// The event's id, unique in its namespace.
  default String eventId() {
    return header().eventId();
  }

  /// When the event happened, in nanoseconds since 1970-01-01T00:00:00Z.
  default long eventTimestampNanos() {
    return header().eventTimestampNanos();
  }

  /// When the event happened.
  default Instant eventTimestamp() {
    return EventTimestamp.instant(header().eventTimestampNanos());
  }

  /// The root of the execution tree; for a root, the execution itself.
  default String rootWorkflowExecId() {
    return header().rootWorkflowExecId();
  }

  /// The execution that started this one; empty for a root.
  default Optional<String> parentWorkflowExecId() {
    return Optional.ofNullable(header().parentWorkflowExecId());
  }

  /// The execution id, which stays the same after continue-as-new.
  default String workflowExecId() {
    return header().workflowExecId();
  }

  /// The run id, which changes with continue-as-new.
  default String workflowRunId() {
    return header().workflowRunId();
  }

  /// The registered name of the workflow.
  default String workflowName() {
    return header().workflowName();
  }

  /// The run that this one continues; empty if there is none.
  default Optional<String> continuedRunId() {
    return Optional.ofNullable(header().continuedRunId());
  }

  /// The first run of the execution; empty if unknown.
  default Optional<String> firstExecutionRunId() {
    return Optional.ofNullable(header().firstExecutionRunId());
  }

  /// The id shared by all runs and descendants of one start of an execution; empty if unknown.
  default Optional<String> chainRunId() {
    return Optional.ofNullable(header().chainRunId());
  }

  /// The schedule that started the execution; empty if none did.
  default Optional<String> scheduleId() {
    return Optional.ofNullable(header().scheduleId());
  }
}
