package io.galerne.client.runs;

import io.galerne.client.RequestOptions;
import io.galerne.client.internal.http.UrlQuery;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A request for the state of an execution (contract, section 8). Immutable.
public final class StateRequest {
  private final String executionId;
  private final UrlQuery query;
  private final RequestOptions options;

  private StateRequest(Builder builder) {
    executionId = builder.executionId;
    query =
        new UrlQuery()
            .addIfGiven(
                "at_seq", builder.atSeq == Builder.NOW ? null : Long.toString(builder.atSeq));
    options = builder.options;
  }

  /// A builder for the current state.
  ///
  /// @throws IllegalArgumentException if the id is empty
  public static Builder builder(String executionId) {
    return new Builder(executionId);
  }

  /// Builds a request inline, starting from [#builder(String)].
  public static StateRequest of(String executionId, Consumer<Builder> request) {
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
    private static final long NOW = -1;

    private final String executionId;
    private long atSeq = NOW;
    private RequestOptions options = RequestOptions.none();

    private Builder(String executionId) {
      UrlQuery.segment(executionId, "executionId");
      this.executionId = executionId;
    }

    /// The state as of this sequence, inclusive.
    ///
    /// @throws IllegalArgumentException if it is negative
    public Builder atSeq(long atSeq) {
      if (atSeq < 0) {
        throw new IllegalArgumentException("atSeq must be 0 or more, but is " + atSeq);
      }
      this.atSeq = atSeq;
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
    public StateRequest build() {
      return new StateRequest(this);
    }
  }
}
