package io.galerne.protocol;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The 17 types of workflow events (contract, section 1). A constant's name is its name on the
/// wire.
public enum EventType {
  WORKFLOW_EXECUTION_STARTED(1, Scope.WORKFLOW),
  WORKFLOW_EXECUTION_COMPLETED(2, Scope.WORKFLOW),
  WORKFLOW_EXECUTION_FAILED(3, Scope.WORKFLOW),
  WORKFLOW_EXECUTION_CANCELED(4, Scope.WORKFLOW),
  WORKFLOW_EXECUTION_CONTINUED_AS_NEW(5, Scope.WORKFLOW),
  WORKFLOW_TASK_TIMED_OUT(6, Scope.WORKFLOW),
  WORKFLOW_TASK_FAILED(7, Scope.WORKFLOW),
  CUSTOM_TASK_STARTED(8, Scope.ACTIVITY),
  CUSTOM_TASK_IN_PROGRESS(9, Scope.ACTIVITY),
  CUSTOM_TASK_COMPLETED(10, Scope.ACTIVITY),
  CUSTOM_TASK_FAILED(11, Scope.ACTIVITY),
  CUSTOM_TASK_TIMED_OUT(12, Scope.ACTIVITY),
  CUSTOM_TASK_CANCELED(13, Scope.ACTIVITY),
  ACTIVITY_TASK_STARTED(14, Scope.ACTIVITY),
  ACTIVITY_TASK_COMPLETED(15, Scope.ACTIVITY),
  ACTIVITY_TASK_RETRYING(16, Scope.ACTIVITY),
  ACTIVITY_TASK_FAILED(17, Scope.ACTIVITY);

  private static final Map<String, EventType> BY_WIRE_NAME =
      Stream.of(values()).collect(toUnmodifiableMap(EventType::wireName, identity()));
  private static final EventType[] BY_ID = new EventType[values().length + 1];

  static {
    for (EventType type : values()) {
      BY_ID[type.id] = type;
    }
  }

  private final byte id;
  private final Scope scope;

  EventType(int id, Scope scope) {
    this.id = (byte) id;
    this.scope = scope;
  }

  /// The type with this name on the wire, compared exactly; empty if it is unknown.
  public static Optional<EventType> ofWireName(String wireName) {
    return Optional.ofNullable(BY_WIRE_NAME.get(wireName));
  }

  /// The type with this [#id()].
  ///
  /// @throws IllegalArgumentException if no type has that id
  public static EventType ofId(byte id) {
    if (id < 1 || id >= BY_ID.length) {
      throw new IllegalArgumentException("No event type has the id " + id);
    }
    return BY_ID[id];
  }

  /// A stable number from 1 to 17, which stores keep instead of the name.
  public byte id() {
    return id;
  }

  /// The name on the wire, which is that of the constant.
  public String wireName() {
    return name();
  }

  /// Whether events of this type belong to a workflow or to an activity.
  public Scope scope() {
    return scope;
  }

  /// Whether events of this type end their execution: `COMPLETED`, `FAILED` or `CANCELED`. A
  /// continue-as-new does not: the execution continues as another run (contract, section 4).
  public boolean endsExecution() {
    return this == WORKFLOW_EXECUTION_COMPLETED
        || this == WORKFLOW_EXECUTION_FAILED
        || this == WORKFLOW_EXECUTION_CANCELED;
  }
}
