package io.galerne.client;

import io.galerne.client.internal.http.UrlQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Which events to list (contract, section 5). Immutable.
public final class WorkflowEventsRequest {
  /// As many events as a page has where the request does not say.
  public static final int DEFAULT_LIMIT = 100;

  /// As many events as a page may have.
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

  /// Starts from the first page of all events.
  public static Builder builder() {
    return new Builder();
  }

  static WorkflowEventsRequest of(Consumer<Builder> request) {
    Builder builder = builder();
    request.accept(builder);
    return builder.build();
  }

  /// The request for the page that begins there.
  WorkflowEventsRequest from(String cursor) {
    return new WorkflowEventsRequest(this, cursor);
  }

  /// Where the page begins; empty for the beginning of the list.
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

  /// What is different from the client's settings.
  public RequestOptions options() {
    return options;
  }

  /// Collects what is wanted; null lets anything pass. Not safe for use by several threads.
  public static final class Builder {
    private @Nullable String rootWorkflowExecId;
    private @Nullable String workflowExecId;
    private @Nullable String workflowRunId;
    private int limit = DEFAULT_LIMIT;
    private @Nullable String cursor;
    private RequestOptions options = RequestOptions.none();

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

    /// Where to continue: [Page#next()] of the page before, of the same request.
    public Builder cursor(@Nullable String cursor) {
      this.cursor = cursor;
      return this;
    }

    /// What is different from the client's settings; replaces options that were set before.
    public Builder options(RequestOptions options) {
      this.options = options;
      return this;
    }

    /// As [#options(RequestOptions)], with options made on the spot.
    public Builder options(Consumer<RequestOptions.Builder> options) {
      return options(RequestOptions.of(options));
    }

    /// Makes the request.
    ///
    /// @throws IllegalArgumentException if the limit is out of its range
    public WorkflowEventsRequest build() {
      if (limit < 1 || limit > MAX_LIMIT) {
        throw new IllegalArgumentException(
            "limit must be between 1 and " + MAX_LIMIT + ", but is " + limit);
      }
      return new WorkflowEventsRequest(this, cursor);
    }
  }
}
