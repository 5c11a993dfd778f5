package io.galerne.bench.load;

/// The event that the load publishes, as text for a [Template]: a token stream's patch as workers
/// send it, of [#BYTES] bytes, with the time of publishing in `attributes.payload.value.t`.
public final class EventText {
  /// The size of a published event.
  public static final int BYTES = 512;

  /// Precedes the time of publishing, and occurs nowhere else in an event or around it.
  static final byte TIME_MARK = '^';

  /// The id of an execution, with the place of its number.
  public static final String EXECUTION_ID = "document-review-" + Template.EXECUTION;

  private static final String BARE =
      """
      {"event_id":"4a977d1b-aa66-569b-9b7f-%s","event_timestamp":%s,\
      "root_workflow_exec_id":"%3$s","parent_workflow_exec_id":null,"workflow_exec_id":"%3$s",\
      "workflow_run_id":"23fe9c43-be0c-5ce5-b25a-86ebf0f3f8e8","workflow_name":"document-review",\
      "event_type":"CUSTOM_TASK_IN_PROGRESS","attributes":{"custom_task_id":"tok-1",\
      "custom_task_type":"token","payload":{"type":"json","value":{"text":"<text>","t":"%4$c%2$s"}}}}\
      """
          .formatted(Template.ID, Template.TIME, EXECUTION_ID, (char) TIME_MARK);

  /// The event.
  public static final String EVENT =
      BARE.replace("<text>", "x".repeat(BYTES - BARE.length() + "<text>".length()));

  /// The event as our server delivers it: the data of one frame. Peers that only forward messages
  /// get this, so that their deliveries are as large as ours.
  public static final String DELIVERED =
      """
      {"stream":"token","timestamp":"2026-03-30T10:00:00.037000000Z","data":%s,\
      "workflow_context":{"namespace":"default","workflow_name":"document-review",\
      "workflow_exec_id":"%2$s","parent_workflow_exec_id":null,"root_workflow_exec_id":"%2$s"},\
      "metadata":{},"broker_sequence":1234567}\
      """
          .formatted(
              EVENT.replace(
                  "}}}}",
                  "},\"encoding_options\":null}},\"continued_run_id\":null,"
                      + "\"first_execution_run_id\":null,\"chain_run_id\":null,\"schedule_id\":null}"),
              EXECUTION_ID);

  private EventText() {}

  /// Returns the id of an execution, as in its events.
  public static String executionId(int number) {
    return "document-review-%08d".formatted(number);
  }
}
