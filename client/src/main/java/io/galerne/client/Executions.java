package io.galerne.client;

import io.galerne.client.error.ApiException;
import io.galerne.client.error.MistralException;
import io.galerne.protocol.StreamEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/// What there is to do with single executions. Safe for use by several threads. Exceptions are
/// those of [Events].
///
/// ```java
/// try (EventStream stream = mistral.workflows().executions().stream("hello-1")) {
///   for (StreamEvent event : stream) {
///     System.out.println(event.data().eventType());
///   }
///   System.out.println(stream.ending()); // once the execution is over: COMPLETED
/// }
///
/// Run run = mistral.workflows().executions().waitForCompletion("hello-1");
/// System.out.println(run.status() + " " + run.result().orElse(Json.NULL));
///
/// TraceSummary trace = mistral.workflows().executions().traceSummary("hello-1");
/// trace.spanTree().ifPresent(root ->
///     root.children().forEach(span -> System.out.println(span.name() + " " + span.duration())));
/// System.out.println(trace.run().workflowName());
/// ```
public final class Executions {
  final Transport transport;

  Executions(Transport transport) {
    this.transport = transport;
  }

  /// Streams all events of an execution until it is over (contract, section 4).
  ///
  /// @return to be closed by the caller; ends by itself
  /// @throws MistralException where it cannot connect
  public EventStream stream(String executionId) {
    return stream(ExecutionStreamRequest.builder(executionId).build());
  }

  /// Streams events of an execution until it is over, which makes the stream's ending
  /// [Ending#COMPLETED]: its newest run has its terminal event, and nothing more of the execution has
  /// followed for the request's `terminalGrace`. A stream that resumes after all of that ends at
  /// once. With [EventSource#DATABASE], it ends after what is stored, and its ending is
  /// [Ending#ENDED].
  ///
  /// @return to be closed by the caller; ends by itself
  /// @throws MistralException where it cannot connect
  public EventStream stream(ExecutionStreamRequest request) {
    return EventStream.open(request.plan(), transport);
  }

  /// As [#stream(ExecutionStreamRequest)], with the request put together on the spot.
  public EventStream stream(String executionId, Consumer<ExecutionStreamRequest.Builder> request) {
    return stream(ExecutionStreamRequest.builder(executionId).with(request).build());
  }

  /// Opens the stream without waiting for the connection.
  ///
  /// @return the stream, once connected; to be closed by the caller
  public CompletableFuture<EventStream> streamAsync(ExecutionStreamRequest request) {
    return Events.opening(request.plan(), transport);
  }

  /// As [#streamAsync(ExecutionStreamRequest)], with the request put together on the spot.
  public CompletableFuture<EventStream> streamAsync(
      String executionId, Consumer<ExecutionStreamRequest.Builder> request) {
    return streamAsync(ExecutionStreamRequest.builder(executionId).with(request).build());
  }

  /// Streams to subscribers, as [Events#getStreamEventsPublisher(StreamEventsRequest)] does.
  public Flow.Publisher<StreamEvent> streamPublisher(ExecutionStreamRequest request) {
    return new StreamPublisher(() -> stream(request), transport.settings());
  }

  /// As [#streamPublisher(ExecutionStreamRequest)], with the request put together on the spot.
  public Flow.Publisher<StreamEvent> streamPublisher(
      String executionId, Consumer<ExecutionStreamRequest.Builder> request) {
    return streamPublisher(ExecutionStreamRequest.builder(executionId).with(request).build());
  }

  /// Looks up the newest run of an execution, with its result (contract, section 8).
  ///
  /// @throws ApiException with status 404 if the server has no event of it
  /// @throws IllegalArgumentException if the id is empty
  public Run get(String executionId) {
    return get(executionId, settings -> {});
  }

  /// As [#get(String)], with other settings for this call.
  public Run get(String executionId, Consumer<CallSettings> settings) {
    return Transport.await(getAsync(executionId, settings));
  }

  /// Looks up the newest run of an execution without waiting for it.
  public CompletableFuture<Run> getAsync(String executionId) {
    return getAsync(executionId, settings -> {});
  }

  /// As [#getAsync(String)], with other settings for this call.
  public CompletableFuture<Run> getAsync(String executionId, Consumer<CallSettings> settings) {
    return getAsync(executionId, new CallSettings().with(settings));
  }

  CompletableFuture<Run> getAsync(String executionId, CallSettings settings) {
    Call call =
        Call.get("executions.get", path(executionId), new UrlQuery(), settings.callOptions());
    return transport.callDecoding(call, Run::read);
  }

  /// Waits until an execution is over, however long that takes: its newest run has completed, failed
  /// or been canceled, and no other has followed for 2 s. Returns soon if that was so before.
  ///
  /// It waits for the events of the execution's runs, on this thread, and reconnects as streams do. If
  /// the server has no stream, it asks every 5 s. To wait for less time, use
  /// [#waitForCompletionAsync(String)], and cancel what that returns.
  ///
  /// @return the newest run, with its result, whether it completed or not: see [Run#status()]
  /// @throws ApiException with status 404 if the server has no event of it
  /// @throws MistralException if the stream cannot continue, or another call fails
  /// @throws java.util.concurrent.CancellationException if the thread is interrupted
  /// @throws IllegalStateException if the client is closed meanwhile
  public Run waitForCompletion(String executionId) {
    return waitForCompletion(CompletionRequest.builder(executionId).build());
  }

  /// As [#waitForCompletion(String)], with other settings.
  public Run waitForCompletion(CompletionRequest request) {
    return new CompletionWait(request, this).run();
  }

  /// As [#waitForCompletion(CompletionRequest)], with the request put together on the spot.
  public Run waitForCompletion(String executionId, Consumer<CompletionRequest.Builder> request) {
    return waitForCompletion(CompletionRequest.builder(executionId).with(request).build());
  }

  /// Waits until an execution is over, as [#waitForCompletion(String)] does, on another thread. To
  /// cancel what this returns ends the wait.
  public CompletableFuture<Run> waitForCompletionAsync(String executionId) {
    return waitForCompletionAsync(CompletionRequest.builder(executionId).build());
  }

  /// As [#waitForCompletionAsync(String)], with other settings.
  public CompletableFuture<Run> waitForCompletionAsync(CompletionRequest request) {
    transport.requireOpen();
    CompletionWait wait = new CompletionWait(request, this);
    CompletableFuture<Run> result =
        transport.settings().supply("galerne-wait", wait::run, unwanted -> {});
    result.whenComplete((run, failure) -> wait.cancel());
    return result;
  }

  /// As [#waitForCompletionAsync(CompletionRequest)], with the request put together on the spot.
  public CompletableFuture<Run> waitForCompletionAsync(
      String executionId, Consumer<CompletionRequest.Builder> request) {
    return waitForCompletionAsync(CompletionRequest.builder(executionId).with(request).build());
  }

  /// Shows what happened in an execution, over all of its runs, and in all that it started, as a tree
  /// of spans (contract, section 8).
  ///
  /// @throws ApiException with status 404 if the server has no event of it
  public TraceSummary traceSummary(String executionId) {
    return traceSummary(TraceRequest.builder(executionId).build());
  }

  /// As [#traceSummary(String)], of what the request says.
  public TraceSummary traceSummary(TraceRequest request) {
    return Transport.await(traceSummaryAsync(request));
  }

  /// As [#traceSummary(TraceRequest)], with the request put together on the spot.
  public TraceSummary traceSummary(String executionId, Consumer<TraceRequest.Builder> request) {
    return traceSummary(TraceRequest.builder(executionId).with(request).build());
  }

  /// Shows what happened as a tree of spans without waiting for it.
  public CompletableFuture<TraceSummary> traceSummaryAsync(TraceRequest request) {
    return transport.callDecoding(request.summary(), TraceSummary::read);
  }

  /// As [#traceSummaryAsync(TraceRequest)], with the request put together on the spot.
  public CompletableFuture<TraceSummary> traceSummaryAsync(
      String executionId, Consumer<TraceRequest.Builder> request) {
    return traceSummaryAsync(TraceRequest.builder(executionId).with(request).build());
  }

  /// Shows what happened in an execution, over all of its runs, and in all that it started, as a flat
  /// list in the order of the log (contract, section 8).
  ///
  /// @throws ApiException with status 404 if the server has no event of it
  public TraceEvents traceEvents(String executionId) {
    return traceEvents(TraceRequest.builder(executionId).build());
  }

  /// As [#traceEvents(String)], of what the request says.
  public TraceEvents traceEvents(TraceRequest request) {
    return Transport.await(traceEventsAsync(request));
  }

  /// As [#traceEvents(TraceRequest)], with the request put together on the spot.
  public TraceEvents traceEvents(String executionId, Consumer<TraceRequest.Builder> request) {
    return traceEvents(TraceRequest.builder(executionId).with(request).build());
  }

  /// Shows what happened as a flat list without waiting for it.
  public CompletableFuture<TraceEvents> traceEventsAsync(TraceRequest request) {
    return transport.callDecoding(request.events(), TraceEvents::read);
  }

  /// As [#traceEventsAsync(TraceRequest)], with the request put together on the spot.
  public CompletableFuture<TraceEvents> traceEventsAsync(
      String executionId, Consumer<TraceRequest.Builder> request) {
    return traceEventsAsync(TraceRequest.builder(executionId).with(request).build());
  }

  /// Shows what happened in an execution, over all of its runs, and in all that it started, as an
  /// OpenTelemetry trace (contract, section 8). Its ids never change.
  ///
  /// @throws ApiException with status 404 if the server has no event of it
  public OtelTrace traceOtel(String executionId) {
    return traceOtel(TraceRequest.builder(executionId).build());
  }

  /// As [#traceOtel(String)], of what the request says.
  public OtelTrace traceOtel(TraceRequest request) {
    return Transport.await(traceOtelAsync(request));
  }

  /// As [#traceOtel(TraceRequest)], with the request put together on the spot.
  public OtelTrace traceOtel(String executionId, Consumer<TraceRequest.Builder> request) {
    return traceOtel(TraceRequest.builder(executionId).with(request).build());
  }

  /// Shows what happened as an OpenTelemetry trace without waiting for it.
  public CompletableFuture<OtelTrace> traceOtelAsync(TraceRequest request) {
    return transport.callDecoding(request.otel(), OtelTrace::read);
  }

  /// As [#traceOtelAsync(TraceRequest)], with the request put together on the spot.
  public CompletableFuture<OtelTrace> traceOtelAsync(
      String executionId, Consumer<TraceRequest.Builder> request) {
    return traceOtelAsync(TraceRequest.builder(executionId).with(request).build());
  }

  /// Says which OpenTelemetry trace an execution is of (contract, section 8).
  ///
  /// @throws ApiException with status 404 if the server has no event of it
  public TraceInfo traceInfo(String executionId) {
    return traceInfo(executionId, settings -> {});
  }

  /// As [#traceInfo(String)], with other settings for this call.
  public TraceInfo traceInfo(String executionId, Consumer<CallSettings> settings) {
    return Transport.await(traceInfoAsync(executionId, settings));
  }

  /// Says which OpenTelemetry trace an execution is of without waiting for it.
  public CompletableFuture<TraceInfo> traceInfoAsync(
      String executionId, Consumer<CallSettings> settings) {
    Call call =
        Call.get(
            "executions.traceInfo",
            path(executionId) + "/trace/info",
            new UrlQuery(),
            new CallSettings().with(settings).callOptions());
    return transport.call(call, TraceInfo::read);
  }

  /// Shows what each custom task of an execution holds now, after all patches (contract, section 8). A
  /// Galerne server answers it; the hosted API does not.
  ///
  /// @throws ApiException with status 404 if the server has no event of it
  public ExecutionState state(String executionId) {
    return state(StateRequest.builder(executionId).build());
  }

  /// As [#state(String)], or what they held as of a sequence.
  public ExecutionState state(StateRequest request) {
    return Transport.await(stateAsync(request));
  }

  /// As [#state(StateRequest)], with the request put together on the spot.
  public ExecutionState state(String executionId, Consumer<StateRequest.Builder> request) {
    return state(StateRequest.builder(executionId).with(request).build());
  }

  /// Shows what each custom task holds without waiting for it.
  public CompletableFuture<ExecutionState> stateAsync(StateRequest request) {
    return transport.callDecoding(request.call(), ExecutionState::read);
  }

  /// As [#stateAsync(StateRequest)], with the request put together on the spot.
  public CompletableFuture<ExecutionState> stateAsync(
      String executionId, Consumer<StateRequest.Builder> request) {
    return stateAsync(StateRequest.builder(executionId).with(request).build());
  }

  static String path(String executionId) {
    return "/v1/workflows/executions/" + UrlQuery.segment(executionId, "executionId");
  }
}
