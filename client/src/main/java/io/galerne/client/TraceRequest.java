package io.galerne.client;

/// What to show of a trace (contract, section 8). Immutable.
public final class TraceRequest {
  private final String path;
  private final UrlQuery query;
  private final CallOptions callOptions;

  private TraceRequest(Builder builder) {
    path = Executions.path(builder.executionId) + "/trace/";
    callOptions = builder.callOptions();
    query = new UrlQuery();
    if (builder.mergeSameIdEvents) {
      query.add("merge_same_id_events", "true");
    }
    if (builder.includeInternalEvents) {
      query.add("include_internal_events", "true");
    }
  }

  /// Starts from everything but the worker's own activities.
  ///
  /// @throws IllegalArgumentException if the id is empty
  public static Builder builder(String executionId) {
    return new Builder(executionId);
  }

  Call summary() {
    return call("executions.traceSummary", "summary");
  }

  Call events() {
    return call("executions.traceEvents", "events");
  }

  Call otel() {
    return call("executions.traceOtel", "otel");
  }

  private Call call(String operation, String form) {
    return Call.get(operation, path + form, query, callOptions);
  }

  /// Collects what is wanted. Not safe for use by several threads.
  public static final class Builder extends ReadBuilder<Builder> {
    private final String executionId;
    private boolean mergeSameIdEvents;
    private boolean includeInternalEvents;

    private Builder(String executionId) {
      UrlQuery.segment(executionId, "executionId");
      this.executionId = executionId;
    }

    /// In the flat list, one event for each span rather than one for each of its steps; false by
    /// default. Without effect on other forms.
    public Builder mergeSameIdEvents(boolean mergeSameIdEvents) {
      this.mergeSameIdEvents = mergeSameIdEvents;
      return this;
    }

    /// Show the activities that the worker runs for itself too (contract, section 10); false by
    /// default. The hosted API knows this for the flat list only.
    public Builder includeInternalEvents(boolean includeInternalEvents) {
      this.includeInternalEvents = includeInternalEvents;
      return this;
    }

    @Override
    Builder self() {
      return this;
    }

    /// Makes the request.
    public TraceRequest build() {
      return new TraceRequest(this);
    }
  }
}
