package io.galerne.protocol;

/// Events to test with.
final class Events {
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
    return new CustomTaskStarted(HEADER, "task-1", "tokens", payload);
  }

  static CustomTaskInProgress progress(Payload payload) {
    return new CustomTaskInProgress(HEADER, "task-1", "tokens", payload);
  }

  static CustomTaskCompleted completed(Payload payload) {
    return new CustomTaskCompleted(HEADER, "task-1", "tokens", payload);
  }

  static JsonPayload json(String text) {
    return new JsonPayload(Json.of(text.replace('\'', '"')));
  }

  static JsonPatchPayload append(String path, String more) {
    return Payload.patch(new PatchOperation.Append(path, more));
  }
}
