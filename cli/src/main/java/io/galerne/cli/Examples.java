package io.galerne.cli;

/// Commands to try against a server on its default address. A test runs them.
public final class Examples {
  /// The default address of a server.
  public static final String SERVER = "http://127.0.0.1:8080";

  /// The smallest event that a server accepts.
  static final String EVENT =
      """
      {"event": {
          "event_id": "hello-event-1", "event_type": "WORKFLOW_EXECUTION_STARTED",
          "workflow_name": "hello", "workflow_run_id": "run-1",
          "workflow_exec_id": "hello-1", "root_workflow_exec_id": "hello-1",
          "attributes": {"task_id": "1", "workflow_name": "hello",
              "input": {"value": {"name": "Ada"}}}}}\
      """;

  public static final String FOLLOW = "curl -N " + SERVER + "/v1/workflows/events/stream";
  public static final String PUBLISH =
      "curl "
          + SERVER
          + "/v1/workflows/events -H 'content-type: application/json' -d '\n"
          + EVENT
          + "'";
  public static final String LIST =
      "curl '" + SERVER + "/v1/workflows/events/list?root_workflow_exec_id=hello-1'";

  private Examples() {}
}
