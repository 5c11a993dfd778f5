package io.galerne.client;

import io.galerne.protocol.StreamEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/// The operations on single executions without waiting for them. Safe for use by several threads.
/// Results are those of [Executions]; they complete exceptionally with what its calls throw.
/// Cancelling a result cancels its call.
public interface ExecutionsAsync {
  /// Opens the stream of an execution, on a thread of its own or one of the client's executor.
  ///
  /// @return the stream, once connected; to be closed by the caller. If the result is cancelled
  ///     first, the stream is closed
  CompletableFuture<EventStream> stream(ExecutionStreamRequest request);

  /// As [#stream(ExecutionStreamRequest)], with a request made on the spot.
  default CompletableFuture<EventStream> stream(
      String executionId, Consumer<ExecutionStreamRequest.Builder> request) {
    return stream(ExecutionStreamRequest.of(executionId, request));
  }

  /// Streams to subscribers, as [EventsAsync#getStreamEventsPublisher(StreamEventsRequest)] does.
  Flow.Publisher<StreamEvent> streamPublisher(ExecutionStreamRequest request);

  /// As [#streamPublisher(ExecutionStreamRequest)], with a request made on the spot.
  default Flow.Publisher<StreamEvent> streamPublisher(
      String executionId, Consumer<ExecutionStreamRequest.Builder> request) {
    return streamPublisher(ExecutionStreamRequest.of(executionId, request));
  }

  /// Looks up the newest run of an execution, with its result.
  default CompletableFuture<Run> get(String executionId) {
    return get(executionId, RequestOptions.none());
  }

  /// As [#get(String)], with options for this call.
  CompletableFuture<Run> get(String executionId, RequestOptions options);

  /// As [#get(String, RequestOptions)], with options made on the spot.
  default CompletableFuture<Run> get(String executionId, Consumer<RequestOptions.Builder> options) {
    return get(executionId, RequestOptions.of(options));
  }

  /// Waits until an execution is over, on a thread of its own or one of the client's executor.
  /// Cancelling the result ends the wait.
  default CompletableFuture<Run> waitForCompletion(String executionId) {
    return waitForCompletion(CompletionRequest.builder(executionId).build());
  }

  /// As [#waitForCompletion(String)], with other settings.
  CompletableFuture<Run> waitForCompletion(CompletionRequest request);

  /// As [#waitForCompletion(CompletionRequest)], with a request made on the spot.
  default CompletableFuture<Run> waitForCompletion(
      String executionId, Consumer<CompletionRequest.Builder> request) {
    return waitForCompletion(CompletionRequest.of(executionId, request));
  }

  /// Shows what happened as a tree of spans.
  CompletableFuture<TraceSummary> traceSummary(TraceRequest request);

  /// As [#traceSummary(TraceRequest)], with a request made on the spot.
  default CompletableFuture<TraceSummary> traceSummary(
      String executionId, Consumer<TraceRequest.Builder> request) {
    return traceSummary(TraceRequest.of(executionId, request));
  }

  /// Shows what happened as a flat list.
  CompletableFuture<TraceEvents> traceEvents(TraceRequest request);

  /// As [#traceEvents(TraceRequest)], with a request made on the spot.
  default CompletableFuture<TraceEvents> traceEvents(
      String executionId, Consumer<TraceRequest.Builder> request) {
    return traceEvents(TraceRequest.of(executionId, request));
  }

  /// Shows what happened as an OpenTelemetry trace.
  CompletableFuture<OtelTrace> traceOtel(TraceRequest request);

  /// As [#traceOtel(TraceRequest)], with a request made on the spot.
  default CompletableFuture<OtelTrace> traceOtel(
      String executionId, Consumer<TraceRequest.Builder> request) {
    return traceOtel(TraceRequest.of(executionId, request));
  }

  /// Says which OpenTelemetry trace an execution belongs to.
  default CompletableFuture<TraceInfo> traceInfo(String executionId) {
    return traceInfo(executionId, RequestOptions.none());
  }

  /// As [#traceInfo(String)], with options for this call.
  CompletableFuture<TraceInfo> traceInfo(String executionId, RequestOptions options);

  /// As [#traceInfo(String, RequestOptions)], with options made on the spot.
  default CompletableFuture<TraceInfo> traceInfo(
      String executionId, Consumer<RequestOptions.Builder> options) {
    return traceInfo(executionId, RequestOptions.of(options));
  }

  /// Shows what each custom task holds.
  CompletableFuture<ExecutionState> state(StateRequest request);

  /// As [#state(StateRequest)], with a request made on the spot.
  default CompletableFuture<ExecutionState> state(
      String executionId, Consumer<StateRequest.Builder> request) {
    return state(StateRequest.of(executionId, request));
  }
}
