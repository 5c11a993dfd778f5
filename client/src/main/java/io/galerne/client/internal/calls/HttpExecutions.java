package io.galerne.client.internal.calls;

import io.galerne.client.Executions;
import io.galerne.client.RequestOptions;
import io.galerne.client.internal.http.Transport;
import io.galerne.client.internal.stream.ReconnectingStream;
import io.galerne.client.internal.stream.StreamPlan;
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

/// [Executions] on HTTP. Streams and waits run on the caller's thread.
final class HttpExecutions implements Executions {
  private final Transport transport;
  private final HttpExecutionsAsync async;

  HttpExecutions(Transport transport, HttpExecutionsAsync async) {
    this.transport = transport;
    this.async = async;
  }

  @Override
  public EventStream stream(ExecutionStreamRequest request) {
    return ReconnectingStream.open(StreamPlan.of(request), transport);
  }

  @Override
  public Run get(String executionId, RequestOptions options) {
    return Transport.await(async.get(executionId, options));
  }

  @Override
  public Run waitForCompletion(CompletionRequest request) {
    return new CompletionWait(request, transport).run();
  }

  @Override
  public TraceSummary traceSummary(TraceRequest request) {
    return Transport.await(async.traceSummary(request));
  }

  @Override
  public TraceEvents traceEvents(TraceRequest request) {
    return Transport.await(async.traceEvents(request));
  }

  @Override
  public OtelTrace traceOtel(TraceRequest request) {
    return Transport.await(async.traceOtel(request));
  }

  @Override
  public TraceInfo traceInfo(String executionId, RequestOptions options) {
    return Transport.await(async.traceInfo(executionId, options));
  }

  @Override
  public ExecutionState state(StateRequest request) {
    return Transport.await(async.state(request));
  }
}
