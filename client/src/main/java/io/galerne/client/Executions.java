package io.galerne.client;

import io.galerne.client.error.MistralException;
import io.galerne.client.error.NotFoundException;
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
import java.util.function.Consumer;

/// Streams, waits for and looks up single executions. Thread-safe. Calls throw the exceptions
/// described at [Events]. [ExecutionsAsync] has the non-blocking variants.
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
/// A test may implement this interface instead of running a server. Later versions may add default
/// methods.
public interface Executions {
  /// Streams all events of an execution until it is over (contract, section 4).
  ///
  /// @return the stream, which ends on its own; the caller closes it
  /// @throws MistralException if the stream cannot connect
  default EventStream stream(String executionId) {
    return stream(ExecutionStreamRequest.builder(executionId).build());
  }

  /// Streams events of an execution until it is over: its newest run has a terminal event, and no
  /// event of the execution has followed for the request's `terminalGrace`. The stream then ends as
  /// [io.galerne.client.stream.Ending#COMPLETED]. A stream that resumes after the end of the
  /// execution ends at once. With [io.galerne.client.stream.StreamSource#DATABASE], the stream ends
  /// after the stored events, as [io.galerne.client.stream.Ending#ENDED].
  ///
  /// @return the stream, which ends on its own; the caller closes it
  /// @throws MistralException if the stream cannot connect
  EventStream stream(ExecutionStreamRequest request);

  /// As [#stream(ExecutionStreamRequest)], building the request inline.
  default EventStream stream(String executionId, Consumer<ExecutionStreamRequest.Builder> request) {
    return stream(ExecutionStreamRequest.of(executionId, request));
  }

  /// Looks up the newest run of an execution, with its result (contract, section 8).
  ///
  /// @throws NotFoundException if the server has no event of this execution
  /// @throws IllegalArgumentException if the id is empty
  default Run get(String executionId) {
    return get(executionId, RequestOptions.none());
  }

  /// As [#get(String)], with options for this call.
  Run get(String executionId, RequestOptions options);

  /// As [#get(String, RequestOptions)], building the options inline.
  default Run get(String executionId, Consumer<RequestOptions.Builder> options) {
    return get(executionId, RequestOptions.of(options));
  }

  /// Waits until an execution is over, without a timeout: its newest run has completed, failed or
  /// been canceled, and no other run has followed for 2 s. Returns quickly if the execution was
  /// over before.
  ///
  /// Follows the events of the execution's runs on the calling thread, and reconnects as streams
  /// do. If the server has no stream, polls every 5 s. For a timeout, use
  /// [ExecutionsAsync#waitForCompletion(String)] and cancel its future.
  ///
  /// @return the newest run with its result, whether or not it completed: see [Run#status()]
  /// @throws NotFoundException if the server has no event of this execution
  /// @throws MistralException if the stream cannot continue, or another call fails
  /// @throws java.util.concurrent.CancellationException if the thread is interrupted
  /// @throws IllegalStateException if the client is closed during the wait
  default Run waitForCompletion(String executionId) {
    return waitForCompletion(CompletionRequest.builder(executionId).build());
  }

  /// As [#waitForCompletion(String)], with other settings.
  Run waitForCompletion(CompletionRequest request);

  /// As [#waitForCompletion(CompletionRequest)], building the request inline.
  default Run waitForCompletion(String executionId, Consumer<CompletionRequest.Builder> request) {
    return waitForCompletion(CompletionRequest.of(executionId, request));
  }

  /// Returns the trace of an execution as a tree of spans, across all of its runs and descendants
  /// (contract, section 8).
  ///
  /// @throws NotFoundException if the server has no event of this execution
  default TraceSummary traceSummary(String executionId) {
    return traceSummary(TraceRequest.builder(executionId).build());
  }

  /// As [#traceSummary(String)], with the options of the request.
  TraceSummary traceSummary(TraceRequest request);

  /// As [#traceSummary(TraceRequest)], building the request inline.
  default TraceSummary traceSummary(String executionId, Consumer<TraceRequest.Builder> request) {
    return traceSummary(TraceRequest.of(executionId, request));
  }

  /// Returns the trace of an execution as a flat list in the order of the log, across all of its
  /// runs and descendants (contract, section 8).
  ///
  /// @throws NotFoundException if the server has no event of this execution
  default TraceEvents traceEvents(String executionId) {
    return traceEvents(TraceRequest.builder(executionId).build());
  }

  /// As [#traceEvents(String)], with the options of the request.
  TraceEvents traceEvents(TraceRequest request);

  /// As [#traceEvents(TraceRequest)], building the request inline.
  default TraceEvents traceEvents(String executionId, Consumer<TraceRequest.Builder> request) {
    return traceEvents(TraceRequest.of(executionId, request));
  }

  /// Returns the trace of an execution as an OpenTelemetry trace, across all of its runs and
  /// descendants (contract, section 8). Its ids are stable.
  ///
  /// @throws NotFoundException if the server has no event of this execution
  default OtelTrace traceOtel(String executionId) {
    return traceOtel(TraceRequest.builder(executionId).build());
  }

  /// As [#traceOtel(String)], with the options of the request.
  OtelTrace traceOtel(TraceRequest request);

  /// As [#traceOtel(TraceRequest)], building the request inline.
  default OtelTrace traceOtel(String executionId, Consumer<TraceRequest.Builder> request) {
    return traceOtel(TraceRequest.of(executionId, request));
  }

  /// Returns the OpenTelemetry trace id of an execution (contract, section 8).
  ///
  /// @throws NotFoundException if the server has no event of this execution
  default TraceInfo traceInfo(String executionId) {
    return traceInfo(executionId, RequestOptions.none());
  }

  /// As [#traceInfo(String)], with options for this call.
  TraceInfo traceInfo(String executionId, RequestOptions options);

  /// As [#traceInfo(String, RequestOptions)], building the options inline.
  default TraceInfo traceInfo(String executionId, Consumer<RequestOptions.Builder> options) {
    return traceInfo(executionId, RequestOptions.of(options));
  }

  /// Returns the current state of an execution's custom tasks, after all patches (contract,
  /// section 8). Supported by Galerne servers, not by the hosted API.
  ///
  /// @throws NotFoundException if the server has no event of this execution
  default ExecutionState state(String executionId) {
    return state(StateRequest.builder(executionId).build());
  }

  /// As [#state(String)], optionally as of a sequence.
  ExecutionState state(StateRequest request);

  /// As [#state(StateRequest)], building the request inline.
  default ExecutionState state(String executionId, Consumer<StateRequest.Builder> request) {
    return state(StateRequest.of(executionId, request));
  }
}
