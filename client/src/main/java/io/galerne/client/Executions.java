package io.galerne.client;

import io.galerne.client.error.MistralException;
import io.galerne.client.error.NotFoundException;
import java.util.function.Consumer;

/// The operations on single executions. Safe for use by several threads. Exceptions are those of
/// [Events]. [ExecutionsAsync] has the same calls without waiting.
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
///
/// A test may implement this interface instead of running a server. Later versions may add methods,
/// with a default.
public interface Executions {
  /// Streams all events of an execution until it is over (contract, section 4).
  ///
  /// @return to be closed by the caller; ends by itself
  /// @throws MistralException if it cannot connect
  default EventStream stream(String executionId) {
    return stream(ExecutionStreamRequest.builder(executionId).build());
  }

  /// Streams events of an execution until it is over, which makes the stream's ending
  /// [Ending#COMPLETED]: its newest run has its terminal event, and nothing more of the execution has
  /// followed for the request's `terminalGrace`. A stream that resumes after all of that ends at
  /// once. With [StreamSource#DATABASE], it ends after the stored events, and its ending is
  /// [Ending#ENDED].
  ///
  /// @return to be closed by the caller; ends by itself
  /// @throws MistralException if it cannot connect
  EventStream stream(ExecutionStreamRequest request);

  /// As [#stream(ExecutionStreamRequest)], with a request made on the spot.
  default EventStream stream(String executionId, Consumer<ExecutionStreamRequest.Builder> request) {
    return stream(ExecutionStreamRequest.of(executionId, request));
  }

  /// Looks up the newest run of an execution, with its result (contract, section 8).
  ///
  /// @throws NotFoundException if the server has no event of it
  /// @throws IllegalArgumentException if the id is empty
  default Run get(String executionId) {
    return get(executionId, RequestOptions.none());
  }

  /// As [#get(String)], with options for this call.
  Run get(String executionId, RequestOptions options);

  /// As [#get(String, RequestOptions)], with options made on the spot.
  default Run get(String executionId, Consumer<RequestOptions.Builder> options) {
    return get(executionId, RequestOptions.of(options));
  }

  /// Waits until an execution is over, however long that takes: its newest run has completed, failed
  /// or been canceled, and no other has followed for 2 s. Returns soon if that was so before.
  ///
  /// It waits for the events of the execution's runs, on this thread, and reconnects as streams do. If
  /// the server has no stream, it asks every 5 s. To wait for less time, use
  /// [ExecutionsAsync#waitForCompletion(String)], and cancel what that returns.
  ///
  /// @return the newest run, with its result, whether it completed or not: see [Run#status()]
  /// @throws NotFoundException if the server has no event of it
  /// @throws MistralException if the stream cannot continue, or another call fails
  /// @throws java.util.concurrent.CancellationException if the thread is interrupted
  /// @throws IllegalStateException if the client is closed meanwhile
  default Run waitForCompletion(String executionId) {
    return waitForCompletion(CompletionRequest.builder(executionId).build());
  }

  /// As [#waitForCompletion(String)], with other settings.
  Run waitForCompletion(CompletionRequest request);

  /// As [#waitForCompletion(CompletionRequest)], with a request made on the spot.
  default Run waitForCompletion(String executionId, Consumer<CompletionRequest.Builder> request) {
    return waitForCompletion(CompletionRequest.of(executionId, request));
  }

  /// Shows what happened in an execution, over all of its runs, and in all that it started, as a tree
  /// of spans (contract, section 8).
  ///
  /// @throws NotFoundException if the server has no event of it
  default TraceSummary traceSummary(String executionId) {
    return traceSummary(TraceRequest.builder(executionId).build());
  }

  /// As [#traceSummary(String)], of what the request says.
  TraceSummary traceSummary(TraceRequest request);

  /// As [#traceSummary(TraceRequest)], with a request made on the spot.
  default TraceSummary traceSummary(String executionId, Consumer<TraceRequest.Builder> request) {
    return traceSummary(TraceRequest.of(executionId, request));
  }

  /// Shows what happened in an execution, over all of its runs, and in all that it started, as a flat
  /// list in the order of the log (contract, section 8).
  ///
  /// @throws NotFoundException if the server has no event of it
  default TraceEvents traceEvents(String executionId) {
    return traceEvents(TraceRequest.builder(executionId).build());
  }

  /// As [#traceEvents(String)], of what the request says.
  TraceEvents traceEvents(TraceRequest request);

  /// As [#traceEvents(TraceRequest)], with a request made on the spot.
  default TraceEvents traceEvents(String executionId, Consumer<TraceRequest.Builder> request) {
    return traceEvents(TraceRequest.of(executionId, request));
  }

  /// Shows what happened in an execution, over all of its runs, and in all that it started, as an
  /// OpenTelemetry trace (contract, section 8). Its ids never change.
  ///
  /// @throws NotFoundException if the server has no event of it
  default OtelTrace traceOtel(String executionId) {
    return traceOtel(TraceRequest.builder(executionId).build());
  }

  /// As [#traceOtel(String)], of what the request says.
  OtelTrace traceOtel(TraceRequest request);

  /// As [#traceOtel(TraceRequest)], with a request made on the spot.
  default OtelTrace traceOtel(String executionId, Consumer<TraceRequest.Builder> request) {
    return traceOtel(TraceRequest.of(executionId, request));
  }

  /// Says which OpenTelemetry trace an execution belongs to (contract, section 8).
  ///
  /// @throws NotFoundException if the server has no event of it
  default TraceInfo traceInfo(String executionId) {
    return traceInfo(executionId, RequestOptions.none());
  }

  /// As [#traceInfo(String)], with options for this call.
  TraceInfo traceInfo(String executionId, RequestOptions options);

  /// As [#traceInfo(String, RequestOptions)], with options made on the spot.
  default TraceInfo traceInfo(String executionId, Consumer<RequestOptions.Builder> options) {
    return traceInfo(executionId, RequestOptions.of(options));
  }

  /// Shows what each custom task of an execution holds now, after all patches (contract, section 8). A
  /// Galerne server answers it; the hosted API does not.
  ///
  /// @throws NotFoundException if the server has no event of it
  default ExecutionState state(String executionId) {
    return state(StateRequest.builder(executionId).build());
  }

  /// As [#state(String)], or what they held as of a sequence.
  ExecutionState state(StateRequest request);

  /// As [#state(StateRequest)], with a request made on the spot.
  default ExecutionState state(String executionId, Consumer<StateRequest.Builder> request) {
    return state(StateRequest.of(executionId, request));
  }
}
