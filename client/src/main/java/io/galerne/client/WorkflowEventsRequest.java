package io.galerne.client;

import org.jspecify.annotations.Nullable;

/// Which events to list (contract, section 5). Immutable.
public final class WorkflowEventsRequest {
  /// As many events as a page has where the request does not say.
  public static final int DEFAULT_LIMIT = 100;

  /// As many events as a page may have.
  public static final int MAX_LIMIT = 1000;

  private static final String PATH = "/v1/workflows/events/list";

  private final @Nullable String rootWorkflowExecId;
  private final @Nullable String workflowExecId;
  private final @Nullable String workflowRunId;
  private final int limit;
  private final @Nullable String cursor;
  private final CallOptions callOptions;

  private WorkflowEventsRequest(Builder builder, @Nullable String cursor) {
    rootWorkflowExecId = builder.rootWorkflowExecId;
    workflowExecId = builder.workflowExecId;
    workflowRunId = builder.workflowRunId;
    limit = builder.limit;
    this.cursor = cursor;
    callOptions = builder.callOptions();
  }

  private WorkflowEventsRequest(WorkflowEventsRequest other, String cursor) {
    rootWorkflowExecId = other.rootWorkflowExecId;
    workflowExecId = other.workflowExecId;
    workflowRunId = other.workflowRunId;
    limit = other.limit;
    this.cursor = cursor;
    callOptions = other.callOptions;
  }

  /// Starts from the first page of all events.
  public static Builder builder() {
    return new Builder();
  }

  /// The same, from that cursor on.
  WorkflowEventsRequest from(String cursor) {
    return new WorkflowEventsRequest(this, cursor);
  }

  @Nullable String cursor() {
    return cursor;
  }

  Call call() {
    UrlQuery query = new UrlQuery();
    add(query, "root_workflow_exec_id", rootWorkflowExecId);
    add(query, "workflow_exec_id", workflowExecId);
    add(query, "workflow_run_id", workflowRunId);
    query.add("limit", Integer.toString(limit));
    add(query, "cursor", cursor);
    return Call.get("getWorkflowEvents", PATH, query, callOptions);
  }

  private static void add(UrlQuery query, String name, @Nullable String value) {
    if (value != null) {
      query.add(name, value);
    }
  }

  /// Collects what is wanted; null lets anything pass. Not safe for use by several threads.
  public static final class Builder extends ReadBuilder<Builder> {
    private @Nullable String rootWorkflowExecId;
    private @Nullable String workflowExecId;
    private @Nullable String workflowRunId;
    private int limit = DEFAULT_LIMIT;
    private @Nullable String cursor;

    private Builder() {}

    /// Only events of this execution and of all that descend from it.
    public Builder rootWorkflowExecId(@Nullable String rootWorkflowExecId) {
      this.rootWorkflowExecId = rootWorkflowExecId;
      return this;
    }

    /// Only events of this execution.
    public Builder workflowExecId(@Nullable String workflowExecId) {
      this.workflowExecId = workflowExecId;
      return this;
    }

    /// Only events of this run of an execution.
    public Builder workflowRunId(@Nullable String workflowRunId) {
      this.workflowRunId = workflowRunId;
      return this;
    }

    /// Most events of a page, from 1 to [WorkflowEventsRequest#MAX_LIMIT];
    /// [WorkflowEventsRequest#DEFAULT_LIMIT] by default.
    public Builder limit(int limit) {
      this.limit = limit;
      return this;
    }

    /// Where to go on: the `nextCursor` of the page before, of the same request.
    public Builder cursor(@Nullable String cursor) {
      this.cursor = cursor;
      return this;
    }

    @Override
    Builder self() {
      return this;
    }

    /// Makes the request.
    ///
    /// @throws IllegalArgumentException where the limit is out of its range
    public WorkflowEventsRequest build() {
      if (limit < 1 || limit > MAX_LIMIT) {
        throw new IllegalArgumentException(
            "limit must be between 1 and " + MAX_LIMIT + ", but is " + limit);
      }
      return new WorkflowEventsRequest(this, cursor);
    }
  }
}
