package io.galerne.client.stream;

import io.galerne.client.RequestOptions;
import io.galerne.client.checkpoint.Checkpoint;
import io.galerne.client.internal.http.Backoff;
import io.galerne.client.internal.http.UrlQuery;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A request to stream the events of one execution (contract, section 4). Immutable.
public final class ExecutionStreamRequest implements StreamRequest {
  private final String executionId;
  private final @Nullable StreamSource eventSource;
  private final boolean snapshot;
  private final @Nullable Checkpoint resumeAfter;
  private final Duration terminalGrace;
  private final boolean failOnGap;
  private final StreamListener listener;
  private final RequestOptions options;

  private ExecutionStreamRequest(Builder builder) {
    executionId = builder.executionId;
    eventSource = builder.eventSource;
    snapshot = builder.snapshot;
    resumeAfter = builder.resumeAfter;
    terminalGrace = builder.terminalGrace;
    failOnGap = builder.failOnGap;
    listener = builder.listener;
    options = builder.options;
  }

  /// A builder that starts with all retained events of the execution, then new ones.
  ///
  /// @throws IllegalArgumentException if the id is empty
  public static Builder builder(String executionId) {
    return new Builder(executionId);
  }

  /// Builds a request inline, starting from [#builder(String)].
  public static ExecutionStreamRequest of(String executionId, Consumer<Builder> request) {
    Builder builder = builder(executionId);
    request.accept(builder);
    return builder.build();
  }

  /// The id of the execution.
  public String executionId() {
    return executionId;
  }

  /// The source of the events; empty for the server's default.
  public Optional<StreamSource> eventSource() {
    return Optional.ofNullable(eventSource);
  }

  /// Whether the stream begins with a snapshot of the execution's custom tasks.
  public boolean snapshot() {
    return snapshot;
  }

  @Override
  public Map<String, List<String>> parameters() {
    return new UrlQuery()
        .addIfGiven("event_source", eventSource)
        .addIfGiven("snapshot", snapshot ? "true" : null)
        .parameters();
  }

  @Override
  public Optional<Checkpoint> resumeAfter() {
    return Optional.ofNullable(resumeAfter);
  }

  @Override
  public Duration terminalGrace() {
    return terminalGrace;
  }

  @Override
  public boolean failOnGap() {
    return failOnGap;
  }

  @Override
  public StreamListener listener() {
    return listener;
  }

  @Override
  public RequestOptions options() {
    return options;
  }

  /// Builds a request. Not thread-safe.
  public static final class Builder {
    private final String executionId;
    private @Nullable StreamSource eventSource;
    private boolean snapshot;
    private @Nullable Checkpoint resumeAfter;
    private Duration terminalGrace = EventStream.DEFAULT_TERMINAL_GRACE;
    private boolean failOnGap;
    private StreamListener listener = new StreamListener() {};
    private RequestOptions options = RequestOptions.none();

    private Builder(String executionId) {
      UrlQuery.segment(executionId, "executionId");
      this.executionId = executionId;
    }

    /// The source of the events. Null, the default, leaves it to the server, which uses
    /// [StreamSource#HYBRID].
    public Builder eventSource(@Nullable StreamSource eventSource) {
      this.eventSource = eventSource;
      return this;
    }

    /// Begins with a snapshot of the execution's custom tasks instead of a replay (contract,
    /// section 8): one event for each task with its whole value, then the events that follow. So a
    /// late reader needs no history. Supported by Galerne servers; the hosted API replays.
    public Builder snapshot() {
      this.snapshot = true;
      return this;
    }

    /// Resumes after this sequence, exclusive: the last one seen.
    public Builder lastEventId(long lastEventId) {
      return resumeAfter(Checkpoint.of(lastEventId));
    }

    /// Resumes after the position that another stream reached. Fails if the log has changed; null
    /// starts over.
    public Builder resumeAfter(@Nullable Checkpoint position) {
      this.resumeAfter = position;
      return this;
    }

    /// How long an execution must stay silent after its terminal event to count as over; by default
    /// [EventStream#DEFAULT_TERMINAL_GRACE]. A worker publishes one more event after the terminal
    /// one, and a workflow with a retry policy fails and starts its next run at once, so
    /// [Duration#ZERO] may end the stream too early.
    ///
    /// @throws IllegalArgumentException if it is negative
    public Builder terminalGrace(Duration terminalGrace) {
      this.terminalGrace = Backoff.requireNotNegative(terminalGrace, "terminalGrace");
      return this;
    }

    /// Receives connections, reconnections and gaps.
    public Builder listener(StreamListener listener) {
      this.listener = listener;
      return this;
    }

    /// Makes the stream throw a [io.galerne.client.error.StreamException] if events expired before
    /// it delivered them. By default, the stream notifies the listener, logs a warning, and
    /// continues after the gap.
    public Builder failOnGap() {
      this.failOnGap = true;
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
    public ExecutionStreamRequest build() {
      return new ExecutionStreamRequest(this);
    }
  }
}
