package io.galerne.client;

import io.galerne.client.runs.CompletionRequest;
import io.galerne.client.runs.ExecutionState;
import io.galerne.client.runs.OtelTrace;
import io.galerne.client.runs.Run;
import io.galerne.client.runs.StateRequest;
import io.galerne.client.runs.TraceEvents;
import io.galerne.client.runs.TraceInfo;
import io.galerne.client.runs.TraceRequest;
import io.galerne.client.runs.TraceSummary;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.ExecutionStreamRequest;
import io.galerne.protocol.StreamEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/// The non-blocking variant of [Executions]. Thread-safe. A future completes exceptionally with the
/// exception that the call of [Executions] throws. Cancelling a future cancels its call.
public interface ExecutionsAsync {
  /// Opens the stream of an execution on a new thread, or on the client's executor if it has one.
  ///
  /// @return the stream, once connected; the caller closes it. If the future is cancelled first,
  ///     the stream is closed
  CompletableFuture<EventStream> stream(ExecutionStreamRequest request);

  /// As [#stream(ExecutionStreamRequest)], building the request inline.
  default CompletableFuture<EventStream> stream(
      String executionId, Consumer<ExecutionStreamRequest.Builder> request) {
    return stream(ExecutionStreamRequest.of(executionId, request));
  }

  /// Streams events to subscribers, as [EventsAsync#getStreamEventsPublisher(StreamEventsRequest)]
  /// does.
  Flow.Publisher<StreamEvent> streamPublisher(ExecutionStreamRequest request);

  /// As [#streamPublisher(ExecutionStreamRequest)], building the request inline.
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

  /// As [#get(String, RequestOptions)], building the options inline.
  default CompletableFuture<Run> get(String executionId, Consumer<RequestOptions.Builder> options) {
    return get(executionId, RequestOptions.of(options));
  }

  /// Waits until an execution is over, on a new thread or on the client's executor if it has one.
  /// Cancelling the future ends the wait.
  default CompletableFuture<Run> waitForCompletion(String executionId) {
    return waitForCompletion(CompletionRequest.builder(executionId).build());
  }

  /// As [#waitForCompletion(String)], with other settings.
  CompletableFuture<Run> waitForCompletion(CompletionRequest request);

  /// As [#waitForCompletion(CompletionRequest)], building the request inline.
  default CompletableFuture<Run> waitForCompletion(
      String executionId, Consumer<CompletionRequest.Builder> request) {
    return waitForCompletion(CompletionRequest.of(executionId, request));
  }

  /// Returns the trace of an execution as a tree of spans.
  CompletableFuture<TraceSummary> traceSummary(TraceRequest request);

  /// As [#traceSummary(TraceRequest)], building the request inline.
  default CompletableFuture<TraceSummary> traceSummary(
      String executionId, Consumer<TraceRequest.Builder> request) {
    return traceSummary(TraceRequest.of(executionId, request));
  }

  /// Returns the trace of an execution as a flat list.
  CompletableFuture<TraceEvents> traceEvents(TraceRequest request);

  /// As [#traceEvents(TraceRequest)], building the request inline.
  default CompletableFuture<TraceEvents> traceEvents(
      String executionId, Consumer<TraceRequest.Builder> request) {
    return traceEvents(TraceRequest.of(executionId, request));
  }

  /// Returns the trace of an execution as an OpenTelemetry trace.
  CompletableFuture<OtelTrace> traceOtel(TraceRequest request);

  /// As [#traceOtel(TraceRequest)], building the request inline.
  default CompletableFuture<OtelTrace> traceOtel(
      String executionId, Consumer<TraceRequest.Builder> request) {
    return traceOtel(TraceRequest.of(executionId, request));
  }

  /// Returns the OpenTelemetry trace id of an execution.
  default CompletableFuture<TraceInfo> traceInfo(String executionId) {
    return traceInfo(executionId, RequestOptions.none());
  }

  /// As [#traceInfo(String)], with options for this call.
  CompletableFuture<TraceInfo> traceInfo(String executionId, RequestOptions options);

  /// As [#traceInfo(String, RequestOptions)], building the options inline.
  default CompletableFuture<TraceInfo> traceInfo(
      String executionId, Consumer<RequestOptions.Builder> options) {
    return traceInfo(executionId, RequestOptions.of(options));
  }

  /// Returns the state of an execution's custom tasks.
  CompletableFuture<ExecutionState> state(StateRequest request);

  /// As [#state(StateRequest)], building the request inline.
  default CompletableFuture<ExecutionState> state(
      String executionId, Consumer<StateRequest.Builder> request) {
    return state(StateRequest.of(executionId, request));
  }
}
