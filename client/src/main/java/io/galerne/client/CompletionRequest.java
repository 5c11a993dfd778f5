package io.galerne.client;

import java.time.Duration;

/// How to wait until an execution is over. Immutable.
public final class CompletionRequest {
  /// How often the server is asked if it has no stream, unless the request says otherwise. As in the
  /// official clients.
  public static final Duration DEFAULT_POLL_INTERVAL = Duration.ofSeconds(5);

  private final String executionId;
  private final Duration pollInterval;
  private final Duration terminalGrace;
  private final CallOptions callOptions;

  private CompletionRequest(Builder builder) {
    executionId = builder.executionId;
    pollInterval = builder.pollInterval;
    terminalGrace = builder.terminalGrace;
    callOptions = builder.callOptions();
  }

  /// Starts from the defaults.
  ///
  /// @throws IllegalArgumentException if the id is empty
  public static Builder builder(String executionId) {
    return new Builder(executionId);
  }

  String executionId() {
    return executionId;
  }

  Duration pollInterval() {
    return pollInterval;
  }

  Duration terminalGrace() {
    return terminalGrace;
  }

  CallOptions callOptions() {
    return callOptions;
  }

  /// Collects settings. Not safe for use by several threads.
  public static final class Builder extends ReadBuilder<Builder> {
    private final String executionId;
    private Duration pollInterval = DEFAULT_POLL_INTERVAL;
    private Duration terminalGrace = EventStream.DEFAULT_TERMINAL_GRACE;

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

    @Override
    Builder self() {
      return this;
    }

    /// Makes the request.
    public CompletionRequest build() {
      return new CompletionRequest(this);
    }
  }
}
