package io.galerne.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which runs of a workflow to count (contract, section 8). Immutable.
public final class MetricsRequest {
  private final Call call;

  private MetricsRequest(Call call) {
    this.call = call;
  }

  /// Starts from all runs of the workflow.
  ///
  /// @throws IllegalArgumentException if the name is empty
  public static Builder builder(String workflowName) {
    return new Builder(workflowName);
  }

  Call call() {
    return call;
  }

  /// Collects what is wanted; null lets anything pass. Not safe for use by several threads.
  public static final class Builder extends CallBuilder<Builder> {
    private final String path;
    private @Nullable Instant startTime;
    private @Nullable Instant endTime;

    private Builder(String workflowName) {
      path = "/v1/workflows/" + UrlQuery.segment(workflowName, "workflowName") + "/metrics";
    }

    /// Only runs that started then or later.
    public Builder startTime(@Nullable Instant startTime) {
      this.startTime = startTime;
      return this;
    }

    /// Only runs that started then or earlier.
    public Builder endTime(@Nullable Instant endTime) {
      this.endTime = endTime;
      return this;
    }

    @Override
    Builder self() {
      return this;
    }

    /// Makes the request.
    public MetricsRequest build() {
      UrlQuery query =
          new UrlQuery().addIfGiven("start_time", startTime).addIfGiven("end_time", endTime);
      return new MetricsRequest(Call.get("workflows.metrics", path, query, callOptions()));
    }
  }
}
