package io.galerne.client;

import io.galerne.client.internal.http.Backoff;
import io.galerne.client.internal.http.UrlQuery;
import java.time.Duration;
import java.util.function.Consumer;

/// How to wait until an execution is over. Immutable.
public final class CompletionRequest {
  /// How often the server is asked if it has no stream, unless the request says otherwise. As in the
  /// official clients.
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

  /// Starts from the defaults.
  ///
  /// @throws IllegalArgumentException if the id is empty
  public static Builder builder(String executionId) {
    return new Builder(executionId);
  }

  static CompletionRequest of(String executionId, Consumer<Builder> request) {
    Builder builder = builder(executionId);
    request.accept(builder);
    return builder.build();
  }

  /// The id of the execution.
  public String executionId() {
    return executionId;
  }

  /// How often the server is asked if it has no stream.
  public Duration pollInterval() {
    return pollInterval;
  }

  /// How long nothing must follow the terminal event until the execution is over.
  public Duration terminalGrace() {
    return terminalGrace;
  }

  /// What is different from the client's settings.
  public RequestOptions options() {
    return options;
  }

  /// Collects settings. Not safe for use by several threads.
  public static final class Builder {
    private final String executionId;
    private Duration pollInterval = DEFAULT_POLL_INTERVAL;
    private Duration terminalGrace = EventStream.DEFAULT_TERMINAL_GRACE;
    private RequestOptions options = RequestOptions.none();

    private Builder(String executionId) {
      UrlQuery.segment(executionId, "executionId");
      this.executionId = executionId;
    }

    /// How often the server is asked if it has no stream;
    /// [CompletionRequest#DEFAULT_POLL_INTERVAL] by default.
    ///
    /// @throws IllegalArgumentException if it is not positive
    public Builder pollInterval(Duration pollInterval) {
      this.pollInterval = Backoff.requirePositive(pollInterval, "pollInterval");
      return this;
    }

    /// How long nothing of the execution must follow its terminal event until it is over;
    /// [EventStream#DEFAULT_TERMINAL_GRACE] by default. A workflow with a retry policy fails and
    /// starts its next run at once.
    ///
    /// @throws IllegalArgumentException if it is negative
    public Builder terminalGrace(Duration terminalGrace) {
      this.terminalGrace = Backoff.requireNotNegative(terminalGrace, "terminalGrace");
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
    public CompletionRequest build() {
      return new CompletionRequest(this);
    }
  }
}
