package io.galerne.client.runs;

import io.galerne.client.RequestOptions;
import io.galerne.client.internal.http.Backoff;
import io.galerne.client.internal.http.UrlQuery;
import io.galerne.client.stream.EventStream;
import java.time.Duration;
import java.util.function.Consumer;

/// A request to wait until an execution is over. Immutable.
public final class CompletionRequest {
  /// The default poll interval, that of the official clients.
  public static final Duration DEFAULT_POLL_INTERVAL = Duration.ofSeconds(5);

  private final String executionId;
  private final Duration pollInterval;
  private final Duration terminalGrace;
  private final RequestOptions options;

  private CompletionRequest(Builder builder) {
    executionId = builder.executionId;
    pollInterval = builder.pollInterval;
    terminalGrace = builder.terminalGrace;
    options = builder.options;
  }

  /// A builder with the defaults.
  ///
  /// @throws IllegalArgumentException if the id is empty
  public static Builder builder(String executionId) {
    return new Builder(executionId);
  }

  /// Builds a request inline, starting from [#builder(String)].
  public static CompletionRequest of(String executionId, Consumer<Builder> request) {
    Builder builder = builder(executionId);
    request.accept(builder);
    return builder.build();
  }

  /// The id of the execution.
  public String executionId() {
    return executionId;
  }

  /// The poll interval if the server has no stream.
  public Duration pollInterval() {
    return pollInterval;
  }

  /// How long the execution must stay silent after its terminal event to count as over.
  public Duration terminalGrace() {
    return terminalGrace;
  }

  /// The options that override the client's settings.
  public RequestOptions options() {
    return options;
  }

  /// Builds the settings. Not thread-safe.
  public static final class Builder {
    private final String executionId;
    private Duration pollInterval = DEFAULT_POLL_INTERVAL;
    private Duration terminalGrace = EventStream.DEFAULT_TERMINAL_GRACE;
    private RequestOptions options = RequestOptions.none();

    private Builder(String executionId) {
      UrlQuery.segment(executionId, "executionId");
      this.executionId = executionId;
    }

    /// The poll interval if the server has no stream; [CompletionRequest#DEFAULT_POLL_INTERVAL] by
    /// default.
    ///
    /// @throws IllegalArgumentException if it is not positive
    public Builder pollInterval(Duration pollInterval) {
      this.pollInterval = Backoff.requirePositive(pollInterval, "pollInterval");
      return this;
    }

    /// How long the execution must stay silent after its terminal event to count as over;
    /// [EventStream#DEFAULT_TERMINAL_GRACE] by default. A workflow with a retry policy fails and
    /// starts its next run at once.
    ///
    /// @throws IllegalArgumentException if it is negative
    public Builder terminalGrace(Duration terminalGrace) {
      this.terminalGrace = Backoff.requireNotNegative(terminalGrace, "terminalGrace");
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
    public CompletionRequest build() {
      return new CompletionRequest(this);
    }
  }
}
