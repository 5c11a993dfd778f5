package io.galerne.client.runs;

import io.galerne.client.RequestOptions;
import io.galerne.client.internal.http.UrlQuery;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A request for the metrics of a workflow (contract, section 8). Immutable.
public final class MetricsRequest {
  private final String workflowName;
  private final UrlQuery query;
  private final RequestOptions options;

  private MetricsRequest(Builder builder) {
    workflowName = builder.workflowName;
    query =
        new UrlQuery()
            .addIfGiven("start_time", builder.startTime)
            .addIfGiven("end_time", builder.endTime);
    options = builder.options;
  }

  /// A builder for the metrics of all runs of the workflow.
  ///
  /// @throws IllegalArgumentException if the name is empty
  public static Builder builder(String workflowName) {
    return new Builder(workflowName);
  }

  /// Builds a request inline, starting from [#builder(String)].
  public static MetricsRequest of(String workflowName, Consumer<Builder> request) {
    Builder builder = builder(workflowName);
    request.accept(builder);
    return builder.build();
  }

  /// The name of the workflow.
  public String workflowName() {
    return workflowName;
  }

  /// The query parameters, by their names on the wire.
  public Map<String, List<String>> parameters() {
    return query.parameters();
  }

  /// The options that override the client's settings.
  public RequestOptions options() {
    return options;
  }

  /// Builds a request; a null filter matches everything. Not thread-safe.
  public static final class Builder {
    private final String workflowName;
    private @Nullable Instant startTime;
    private @Nullable Instant endTime;
    private RequestOptions options = RequestOptions.none();

    private Builder(String workflowName) {
      UrlQuery.segment(workflowName, "workflowName");
      this.workflowName = workflowName;
    }

    /// Only runs that started at this time or later.
    public Builder startTime(@Nullable Instant startTime) {
      this.startTime = startTime;
      return this;
    }

    /// Only runs that started at this time or earlier.
    public Builder endTime(@Nullable Instant endTime) {
      this.endTime = endTime;
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
    public MetricsRequest build() {
      return new MetricsRequest(this);
    }
  }
}
