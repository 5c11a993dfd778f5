package io.galerne.client.internal.stream;

import io.galerne.client.internal.http.Call;
import io.galerne.client.internal.http.UrlQuery;
import io.galerne.client.stream.ExecutionStreamRequest;
import io.galerne.client.stream.StreamEventsRequest;
import io.galerne.client.stream.StreamRequest;
import io.galerne.client.stream.StreamSource;
import io.galerne.protocol.StreamEvent;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The plan of a stream: its calls, its filter and its end. Immutable.
///
/// @param fresh the call if there is no position yet
/// @param resuming the call after a position
/// @param startSequence first sequence that [#fresh] requests; negative for only new events
/// @param wanted selects the received events to deliver
/// @param until the execution that ends the stream; null if only the server does
/// @param end the meaning of a clean end of the connection
/// @param request the caller's other settings
public record StreamPlan(
    Call fresh,
    LongFunction<Call> resuming,
    long startSequence,
    Predicate<StreamEvent> wanted,
    @Nullable UntilOver until,
    OrderlyEnd end,
    StreamRequest request) {
  /// The plan for the stream of events.
  public static StreamPlan of(StreamEventsRequest request) {
    Call call =
        Call.stream(
            "getStreamEvents",
            "/v1/workflows/events/stream",
            UrlQuery.of(request.parameters()),
            request.options());
    Set<String> types = request.workflowEventTypes();
    return new StreamPlan(
        call,
        sequence -> call.header("last-event-id", Long.toString(sequence)),
        request.startSeq(),
        event -> types.isEmpty() || types.contains(event.data().eventType()),
        request.untilTerminal() ? UntilOver.of(request) : null,
        OrderlyEnd.ROTATION,
        request);
  }

  /// The plan for the stream of one execution.
  public static StreamPlan of(ExecutionStreamRequest request) {
    StreamSource source = request.eventSource().orElse(StreamSource.HYBRID);
    boolean stored = source == StreamSource.DATABASE;
    return new StreamPlan(
        call(request, UrlQuery.of(request.parameters())),
        sequence ->
            call(
                request,
                UrlQuery.of(request.parameters()).add("last_event_id", Long.toString(sequence))),
        source == StreamSource.LIVE ? -1 : 0,
        event -> true,
        stored ? null : new UntilOver(request.executionId(), false),
        stored ? OrderlyEnd.NOTHING_LEFT : OrderlyEnd.ROTATION_OR_NOTHING_LEFT,
        request);
  }

  private static Call call(ExecutionStreamRequest request, UrlQuery query) {
    String id = UrlQuery.segment(request.executionId(), "executionId");
    return Call.stream(
        "executions.stream",
        "/v1/workflows/executions/" + id + "/stream",
        query,
        request.options());
  }

  /// Ends the stream when an execution is over.
  ///
  /// @param execution null for any root
  /// @param hidden whether filters may hide a run from the stream, so that only the stored events
  ///     can confirm that the execution is over
  record UntilOver(@Nullable String execution, boolean hidden) {
    private static UntilOver of(StreamEventsRequest request) {
      String execution = filter(request, "workflow_exec_id");
      if (execution == null) {
        execution = filter(request, "root_workflow_exec_id");
      }
      boolean hidden =
          !request.metadataFilters().isEmpty()
              || filter(request, "workflow_name") != null
              || filter(request, "stream") != null;
      return new UntilOver(execution, hidden);
    }

    private static @Nullable String filter(StreamEventsRequest request, String name) {
      String value =
          request.parameters().getOrDefault(name, List.of(StreamEventsRequest.ANY)).get(0);
      return value.equals(StreamEventsRequest.ANY) ? null : value;
    }
  }

  /// The meaning of a clean end of the connection.
  enum OrderlyEnd {
    /// The server restarts or moves its readers: the stream reconnects.
    ROTATION,
    /// Rotation; but if it repeats without events, nothing is left.
    ROTATION_OR_NOTHING_LEFT,
    /// Everything stored has been delivered.
    NOTHING_LEFT
  }
}
