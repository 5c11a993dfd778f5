package io.galerne.client.runs;

import io.galerne.client.RequestOptions;
import io.galerne.client.internal.http.UrlQuery;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A request for a trace (contract, section 8). Immutable.
public final class TraceRequest {
  private final String executionId;
  private final UrlQuery query;
  private final RequestOptions options;

  private TraceRequest(Builder builder) {
    executionId = builder.executionId;
    options = builder.options;
    query = new UrlQuery();
    if (builder.mergeSameIdEvents) {
      query.add("merge_same_id_events", "true");
    }
    if (builder.includeInternalEvents) {
      query.add("include_internal_events", "true");
    }
  }

  /// A builder for a trace without the worker's internal activities.
  ///
  /// @throws IllegalArgumentException if the id is empty
  public static Builder builder(String executionId) {
    return new Builder(executionId);
  }

  /// Builds a request inline, starting from [#builder(String)].
  public static TraceRequest of(String executionId, Consumer<Builder> request) {
    Builder builder = builder(executionId);
    request.accept(builder);
    return builder.build();
  }

  /// The id of the execution.
  public String executionId() {
    return executionId;
  }

  /// The query parameters, by their names on the wire.
  public Map<String, List<String>> parameters() {
    return query.parameters();
  }

  /// The options that override the client's settings.
  public RequestOptions options() {
    return options;
  }

  /// Builds a request. Not thread-safe.
  public static final class Builder {
    private final String executionId;
    private boolean mergeSameIdEvents;
    private boolean includeInternalEvents;
    private RequestOptions options = RequestOptions.none();

    private Builder(String executionId) {
      UrlQuery.segment(executionId, "executionId");
      this.executionId = executionId;
    }

    /// In the flat list, returns one event per span instead of one per step; false by default. Has
    /// no effect on other forms.
    public Builder mergeSameIdEvents(boolean mergeSameIdEvents) {
      this.mergeSameIdEvents = mergeSameIdEvents;
      return this;
    }

    /// Includes the worker's internal activities (contract, section 10); false by default. The
    /// hosted API supports this for the flat list only.
    public Builder includeInternalEvents(boolean includeInternalEvents) {
      this.includeInternalEvents = includeInternalEvents;
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
    public TraceRequest build() {
      return new TraceRequest(this);
    }
  }
}
