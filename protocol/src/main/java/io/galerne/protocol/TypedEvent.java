package io.galerne.protocol;

/// An event that matches the schema of its type. Its JSON was parsed or rendered together with its
/// values, so they cannot disagree. Immutable.
abstract class TypedEvent {
  private final EventType type;
  private final EventHeader header;
  private final Attributes attributes;
  private final Json json;

  TypedEvent(EventType type, EventHeader header, Attributes attributes, Json json) {
    this.type = type;
    this.header = header;
    this.attributes = attributes;
    this.json = json;
  }

  static Event of(EventType type, EventHeader header, Attributes attributes, Json json) {
    return switch (type) {
      case WORKFLOW_EXECUTION_STARTED -> new WorkflowExecutionStarted(header, attributes, json);
      case WORKFLOW_EXECUTION_COMPLETED -> new WorkflowExecutionCompleted(header, attributes, json);
      case WORKFLOW_EXECUTION_FAILED -> new WorkflowExecutionFailed(header, attributes, json);
      case WORKFLOW_EXECUTION_CANCELED -> new WorkflowExecutionCanceled(header, attributes, json);
      case WORKFLOW_EXECUTION_CONTINUED_AS_NEW ->
          new WorkflowExecutionContinuedAsNew(header, attributes, json);
      case WORKFLOW_TASK_TIMED_OUT -> new WorkflowTaskTimedOut(header, attributes, json);
      case WORKFLOW_TASK_FAILED -> new WorkflowTaskFailed(header, attributes, json);
      case CUSTOM_TASK_STARTED -> new CustomTaskStarted(header, attributes, json);
      case CUSTOM_TASK_IN_PROGRESS -> new CustomTaskInProgress(header, attributes, json);
      case CUSTOM_TASK_COMPLETED -> new CustomTaskCompleted(header, attributes, json);
      case CUSTOM_TASK_FAILED -> new CustomTaskFailed(header, attributes, json);
      case CUSTOM_TASK_TIMED_OUT -> new CustomTaskTimedOut(header, attributes, json);
      case CUSTOM_TASK_CANCELED -> new CustomTaskCanceled(header, attributes, json);
      case ACTIVITY_TASK_STARTED -> new ActivityTaskStarted(header, attributes, json);
      case ACTIVITY_TASK_COMPLETED -> new ActivityTaskCompleted(header, attributes, json);
      case ACTIVITY_TASK_RETRYING -> new ActivityTaskRetrying(header, attributes, json);
      case ACTIVITY_TASK_FAILED -> new ActivityTaskFailed(header, attributes, json);
    };
  }

  public final EventHeader header() {
    return header;
  }

  public final Json json() {
    return json;
  }

  public final String eventType() {
    return type.wireName();
  }

  /// Renders the JSON from the values.
  final Json rendered() {
    return EventText.event(type, header, attributes);
  }

  final Attributes attributes() {
    return attributes;
  }

  /// Compares the JSON, which determines all values.
  @Override
  public final boolean equals(Object other) {
    return other instanceof TypedEvent event && event.type == type && event.json.equals(json);
  }

  @Override
  public final int hashCode() {
    return json.hashCode();
  }

  /// The JSON.
  @Override
  public final String toString() {
    return json.text();
  }
}
