package io.galerne.client;

import io.galerne.client.internal.http.Backoff;
import io.galerne.client.internal.http.UrlQuery;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How to stream the events of one execution (contract, section 4). Immutable.
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

  /// Starts from all events of the execution that are retained, then what comes.
  ///
  /// @throws IllegalArgumentException if the id is empty
  public static Builder builder(String executionId) {
    return new Builder(executionId);
  }

  static ExecutionStreamRequest of(String executionId, Consumer<Builder> request) {
    Builder builder = builder(executionId);
    request.accept(builder);
    return builder.build();
  }

  /// The id of the execution.
  public String executionId() {
    return executionId;
  }

  /// Where the events come from; empty to leave it to the server.
  public Optional<StreamSource> eventSource() {
    return Optional.ofNullable(eventSource);
  }

  /// Whether the stream begins with what the execution's custom tasks hold now.
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

  /// Collects what is wanted. Not safe for use by several threads.
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

    /// Where the events come from; null, the default, leaves it to the server, which takes
    /// [StreamSource#HYBRID].
    public Builder eventSource(@Nullable StreamSource eventSource) {
      this.eventSource = eventSource;
      return this;
    }

    /// Begin with what the execution's custom tasks hold now rather than with a replay (contract,
    /// section 8): for each of them an event with its whole value, then the events that follow. So a
    /// reader who joins late needs no history. A Galerne server does that; the hosted API replays.
    public Builder snapshot() {
      this.snapshot = true;
      return this;
    }

    /// Resumes after the last sequence that was seen, exclusive.
    public Builder lastEventId(long lastEventId) {
      return resumeAfter(Checkpoint.of(lastEventId));
    }

    /// Resumes after the position that another stream had reached, and fails if the log is not the
    /// same any more; null starts over.
    public Builder resumeAfter(@Nullable Checkpoint position) {
      this.resumeAfter = position;
      return this;
    }

    /// How long nothing of an execution must follow its terminal event until the execution is over;
    /// by default [EventStream#DEFAULT_TERMINAL_GRACE]. A worker publishes one more event after the
    /// terminal one, and a workflow with a retry policy fails and starts its next run at once, so
    /// [Duration#ZERO] may end the stream too early.
    ///
    /// @throws IllegalArgumentException if it is negative
    public Builder terminalGrace(Duration terminalGrace) {
      this.terminalGrace = Backoff.requireNotNegative(terminalGrace, "terminalGrace");
      return this;
    }

    /// Is told about connections, reconnections and gaps.
    public Builder listener(StreamListener listener) {
      this.listener = listener;
      return this;
    }

    /// Ends the stream with a [io.galerne.client.error.StreamException] if events are gone that it
    /// has not delivered. By default, the listener is told, a warning is logged, and the stream
    /// continues after them.
    public Builder failOnGap() {
      this.failOnGap = true;
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
    public ExecutionStreamRequest build() {
      return new ExecutionStreamRequest(this);
    }
  }
}
