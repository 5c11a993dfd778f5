package io.galerne.client;

import org.jspecify.annotations.Nullable;

/// How to stream the events of one execution (contract, section 4). Immutable.
public final class ExecutionStreamRequest {
  private static final String OPERATION = "executions.stream";
  private static final String LAST_EVENT_ID = "last_event_id";

  private final String executionId;
  private final @Nullable EventSource eventSource;
  private final boolean snapshot;
  private final CallOptions callOptions;
  private final StreamOptions streamOptions;

  private ExecutionStreamRequest(Builder builder) {
    executionId = builder.executionId;
    eventSource = builder.eventSource;
    snapshot = builder.snapshot;
    callOptions = builder.callOptions();
    streamOptions = builder.streamOptions();
  }

  /// Starts from all events of the execution that are retained, then what comes.
  ///
  /// @throws IllegalArgumentException where the id is empty
  public static Builder builder(String executionId) {
    return new Builder(executionId);
  }

  StreamPlan plan() {
    boolean stored = eventSource == EventSource.DATABASE;
    return new StreamPlan(
        call(query()),
        sequence -> call(query().add(LAST_EVENT_ID, Long.toString(sequence))),
        eventSource == EventSource.LIVE ? -1 : 0,
        event -> true,
        stored ? null : new StreamPlan.UntilOver(executionId, false),
        stored
            ? StreamPlan.OrderlyEnd.NOTHING_LEFT
            : StreamPlan.OrderlyEnd.ROTATION_OR_NOTHING_LEFT,
        streamOptions);
  }

  private Call call(UrlQuery query) {
    String id = UrlQuery.segment(executionId, "executionId");
    return Call.stream(OPERATION, "/v1/workflows/executions/" + id + "/stream", query, callOptions);
  }

  private UrlQuery query() {
    UrlQuery query = new UrlQuery();
    query.addIfGiven("event_source", eventSource == null ? null : eventSource.name());
    return snapshot ? query.add("snapshot", "true") : query;
  }

  /// Collects what is wanted. Not safe for use by several threads.
  public static final class Builder extends StreamBuilder<Builder> {
    private final String executionId;
    private @Nullable EventSource eventSource;
    private boolean snapshot;

    private Builder(String executionId) {
      if (executionId.isEmpty()) {
        throw new IllegalArgumentException("executionId is empty");
      }
      this.executionId = executionId;
    }

    /// Where the events come from; null, the default, leaves it to the server, which takes
    /// [EventSource#HYBRID].
    public Builder eventSource(@Nullable EventSource eventSource) {
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

    @Override
    Builder self() {
      return this;
    }

    /// Makes the request.
    public ExecutionStreamRequest build() {
      return new ExecutionStreamRequest(this);
    }
  }
}
