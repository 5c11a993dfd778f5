package io.galerne.client.internal.calls;

import io.galerne.client.ExecutionsAsync;
import io.galerne.client.RequestOptions;
import io.galerne.client.internal.http.Transport;
import io.galerne.client.internal.stream.ReconnectingStream;
import io.galerne.client.internal.stream.StreamPlan;
import io.galerne.client.internal.stream.StreamPublisher;
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

/// [ExecutionsAsync] on HTTP.
final class HttpExecutionsAsync implements ExecutionsAsync {
  private final Transport transport;

  HttpExecutionsAsync(Transport transport) {
    this.transport = transport;
  }

  @Override
  public CompletableFuture<EventStream> stream(ExecutionStreamRequest request) {
    return ReconnectingStream.opening(StreamPlan.of(request), transport);
  }

  @Override
  public Flow.Publisher<StreamEvent> streamPublisher(ExecutionStreamRequest request) {
    return new StreamPublisher(StreamPlan.of(request), transport);
  }

  @Override
  public CompletableFuture<Run> get(String executionId, RequestOptions options) {
    return transport.callDecoding(Calls.execution(executionId, options), Answered.decoded(Run::of));
  }

  @Override
  public CompletableFuture<Run> waitForCompletion(CompletionRequest request) {
    transport.requireOpen();
    CompletionWait wait = new CompletionWait(request, transport);
    CompletableFuture<Run> result =
        transport.settings().supply("galerne-wait", wait::run, unwanted -> {});
    result.whenComplete((run, failure) -> wait.cancel());
    return result;
  }

  @Override
  public CompletableFuture<TraceSummary> traceSummary(TraceRequest request) {
    return transport.callDecoding(
        Calls.trace("executions.traceSummary", "/trace/summary", request),
        Answered.decoded(TraceSummary::of));
  }

  @Override
  public CompletableFuture<TraceEvents> traceEvents(TraceRequest request) {
    return transport.callDecoding(
        Calls.trace("executions.traceEvents", "/trace/events", request),
        Answered.decoded(TraceEvents::of));
  }

  @Override
  public CompletableFuture<OtelTrace> traceOtel(TraceRequest request) {
    return transport.callDecoding(
        Calls.trace("executions.traceOtel", "/trace/otel", request),
        Answered.decoded(OtelTrace::of));
  }

  @Override
  public CompletableFuture<TraceInfo> traceInfo(String executionId, RequestOptions options) {
    return transport.call(Calls.traceInfo(executionId, options), Answered.as(TraceInfo::of));
  }

  @Override
  public CompletableFuture<ExecutionState> state(StateRequest request) {
    return transport.callDecoding(Calls.state(request), Answered.decoded(ExecutionState::of));
  }
}
