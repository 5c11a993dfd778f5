package io.galerne.client;

import io.galerne.client.internal.http.UrlQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A request to list stored events (contract, section 5). Immutable.
public final class WorkflowEventsRequest {
  /// The default number of events in a page.
  public static final int DEFAULT_LIMIT = 100;

  /// The maximum number of events in a page.
  public static final int MAX_LIMIT = 1000;

  private final @Nullable String rootWorkflowExecId;
  private final @Nullable String workflowExecId;
  private final @Nullable String workflowRunId;
  private final int limit;
  private final @Nullable String cursor;
  private final RequestOptions options;

  private WorkflowEventsRequest(Builder builder, @Nullable String cursor) {
    rootWorkflowExecId = builder.rootWorkflowExecId;
    workflowExecId = builder.workflowExecId;
    workflowRunId = builder.workflowRunId;
    limit = builder.limit;
    this.cursor = cursor;
    options = builder.options;
  }

  private WorkflowEventsRequest(WorkflowEventsRequest other, String cursor) {
    rootWorkflowExecId = other.rootWorkflowExecId;
    workflowExecId = other.workflowExecId;
    workflowRunId = other.workflowRunId;
    limit = other.limit;
    this.cursor = cursor;
    options = other.options;
  }

  /// A builder for the first page of all events.
  public static Builder builder() {
    return new Builder();
  }

  /// Builds a request inline, starting from [#builder()].
  public static WorkflowEventsRequest of(Consumer<Builder> request) {
    Builder builder = builder();
    request.accept(builder);
    return builder.build();
  }

  /// A copy of this request for the page of this cursor.
  WorkflowEventsRequest from(String cursor) {
    return new WorkflowEventsRequest(this, cursor);
  }

  /// The cursor of the page; empty for the first page.
  public Optional<String> cursor() {
    return Optional.ofNullable(cursor);
  }

  /// The query parameters, by their names on the wire.
  public Map<String, List<String>> parameters() {
    return new UrlQuery()
        .addIfGiven("root_workflow_exec_id", rootWorkflowExecId)
        .addIfGiven("workflow_exec_id", workflowExecId)
        .addIfGiven("workflow_run_id", workflowRunId)
        .add("limit", Integer.toString(limit))
        .addIfGiven("cursor", cursor)
        .parameters();
  }

  /// The options that override the client's settings.
  public RequestOptions options() {
    return options;
  }

  /// Builds a request; a null filter matches everything. Not thread-safe.
  public static final class Builder {
    private @Nullable String rootWorkflowExecId;
    private @Nullable String workflowExecId;
    private @Nullable String workflowRunId;
    private int limit = DEFAULT_LIMIT;
    private @Nullable String cursor;
    private RequestOptions options = RequestOptions.none();

    private Builder() {}

    /// Only events of this execution and its descendants.
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

    /// The maximum number of events in a page, from 1 to [WorkflowEventsRequest#MAX_LIMIT];
    /// [WorkflowEventsRequest#DEFAULT_LIMIT] by default.
    public Builder limit(int limit) {
      this.limit = limit;
      return this;
    }

    /// The [Page#next()] of the previous page of the same request.
    public Builder cursor(@Nullable String cursor) {
      this.cursor = cursor;
      return this;
    }

    /// Overrides the client's settings for this request. Replaces options set before.
    public Builder options(RequestOptions options) {
      this.options = options;
      return this;
    }

    /// As [#options(RequestOptions)], building the options inline.
    public Builder options(Consumer<RequestOptions.Builder> options) {
      return options(RequestOptions.of(options));
    }

    /// Builds the request.
    ///
    /// @throws IllegalArgumentException if the limit is out of range
    public WorkflowEventsRequest build() {
      if (limit < 1 || limit > MAX_LIMIT) {
        throw new IllegalArgumentException(
            "limit must be between 1 and " + MAX_LIMIT + ", but is " + limit);
      }
      return new WorkflowEventsRequest(this, cursor);
    }
  }
}
