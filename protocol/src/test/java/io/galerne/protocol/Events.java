package io.galerne.protocol;

/// Sample events.
final class Events {
  /// The JSON of an event, rendered from its values; verbatim for an unknown event.
  static Json rendered(Event event) {
    return event instanceof TypedEvent typed ? typed.rendered() : event.json();
  }

  static final EventHeader HEADER =
      EventHeader.builder()
          .eventId("event-1")
          .eventTimestampNanos(1_774_864_800_037_000_000L)
          .workflowExecId("checkout-1")
          .workflowRunId("run-1")
          .workflowName("checkout")
          .build();

  private Events() {}

  static CustomTaskStarted started(Payload payload) {
    return CustomTaskStarted.builder()
        .header(HEADER)
        .customTaskId("task-1")
        .customTaskType("tokens")
        .payload(payload)
        .build();
  }

  static CustomTaskInProgress progress(Payload payload) {
    return CustomTaskInProgress.builder()
        .header(HEADER)
        .customTaskId("task-1")
        .customTaskType("tokens")
        .payload(payload)
        .build();
  }

  static CustomTaskCompleted completed(Payload payload) {
    return CustomTaskCompleted.builder()
        .header(HEADER)
        .customTaskId("task-1")
        .customTaskType("tokens")
        .payload(payload)
        .build();
  }

  static JsonPayload json(String text) {
    return new JsonPayload(Json.of(text.replace('\'', '"')));
  }

  static JsonPatchPayload append(String path, String more) {
    return Payload.patch(new PatchOperation.Append(path, more));
  }
}
