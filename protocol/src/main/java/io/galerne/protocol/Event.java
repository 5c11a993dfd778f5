package io.galerne.protocol;

import java.time.Instant;
import java.util.Optional;

/// One workflow event (contract, section 1): one of the 17 types as a record of its own, or an
/// [UnknownEvent]. Immutable.
///
/// Two events are equal where their fields and their exact JSON text are.
@WireJson
public sealed interface Event
    permits WorkflowExecutionEvent,
        WorkflowTaskEvent,
        CustomTaskEvent,
        ActivityTaskEvent,
        UnknownEvent {
  /// The fields that all events have.
  EventHeader header();

  /// The whole event exactly as it came, with members that no schema names; as it was rendered,
  /// where it was made here.
  Json json();

  /// The type's word on the wire, such as `CUSTOM_TASK_STARTED`.
  String eventType();

  /// The type; empty for one that is not known here. An event may be an [UnknownEvent] and still
  /// have a type: where it lacks what the type demands.
  default Optional<EventType> type() {
    return EventType.ofWireName(eventType());
  }

  /// Whether nothing follows it in its execution, as [EventType#endsExecution()] says.
  default boolean endsExecution() {
    return type().filter(EventType::endsExecution).isPresent();
  }

  /// Whether it is about an execution that no other execution started.
  default boolean isOfRoot() {
    return header().workflowExecId().equals(header().rootWorkflowExecId());
  }

  default String eventId() {
    return header().eventId();
  }

  /// When it happened, in nanoseconds since 1970-01-01T00:00:00Z.
  default long eventTimestampNanos() {
    return header().eventTimestampNanos();
  }

  /// When it happened.
  default Instant eventTimestamp() {
    return EventTimestamp.instant(header().eventTimestampNanos());
  }

  /// The execution that all others around it descend from; of a root, the root itself.
  default String rootWorkflowExecId() {
    return header().rootWorkflowExecId();
  }

  /// The execution that started this one; empty for a root.
  default Optional<String> parentWorkflowExecId() {
    return Optional.ofNullable(header().parentWorkflowExecId());
  }

  /// The execution. Stays the same when it continues as new.
  default String workflowExecId() {
    return header().workflowExecId();
  }

  /// The run of the execution. Changes when it continues as new.
  default String workflowRunId() {
    return header().workflowRunId();
  }

  /// The registered name of the workflow that the event is about.
  default String workflowName() {
    return header().workflowName();
  }

  /// The run that this one continues; empty unless it continued as new.
  default Optional<String> continuedRunId() {
    return Optional.ofNullable(header().continuedRunId());
  }

  /// The first run of the execution; empty where the event does not say.
  default Optional<String> firstExecutionRunId() {
    return Optional.ofNullable(header().firstExecutionRunId());
  }

  /// What one start of an execution is identified by, with all of its runs and everything below it;
  /// empty if the event does not say.
  default Optional<String> chainRunId() {
    return Optional.ofNullable(header().chainRunId());
  }

  /// The schedule that started the execution; empty where none did.
  default Optional<String> scheduleId() {
    return Optional.ofNullable(header().scheduleId());
  }
}
