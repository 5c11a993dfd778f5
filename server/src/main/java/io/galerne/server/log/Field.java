package io.galerne.server.log;

/// A field of an event that can be filtered on or extracted. The ids are stored and never change
/// their meaning; an [EventRecord] keeps the fields in the order of the constants.
public enum Field {
  /// The event itself, a JSON object.
  DATA(0),
  /// The metadata that was published with it, a JSON object.
  METADATA(1),
  NAMESPACE(2),
  EVENT_ID(3),
  WORKFLOW_EXEC_ID(4),
  ROOT_WORKFLOW_EXEC_ID(5),
  PARENT_WORKFLOW_EXEC_ID(6),
  WORKFLOW_RUN_ID(7),
  WORKFLOW_NAME(8),
  ACTIVITY_NAME(9),
  ACTIVITY_ID(10),
  STREAM(11),
  /// Not a stored value: the event's type, as an index key.
  EVENT_TYPE(12);

  /// The number of fields that an [EventRecord] keeps: all but [#EVENT_TYPE].
  static final int STORED = 12;

  private final int id;

  Field(int id) {
    this.id = id;
  }

  int id() {
    return id;
  }
}
