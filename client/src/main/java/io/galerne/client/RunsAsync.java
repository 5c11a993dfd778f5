package io.galerne.client;

import io.galerne.client.runs.Run;
import io.galerne.client.runs.RunsRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// The non-blocking variant of [Runs]. Thread-safe. A future completes exceptionally with the
/// exception that the call of [Runs] throws. Cancelling a future cancels its call.
public interface RunsAsync {
  /// Lists one page of runs.
  CompletableFuture<Page<Run>> list(RunsRequest request);

  /// As [#list(RunsRequest)], building the request inline.
  default CompletableFuture<Page<Run>> list(Consumer<RunsRequest.Builder> request) {
    return list(RunsRequest.of(request));
  }

  /// Looks up a run, with its result.
  default CompletableFuture<Run> get(String runId) {
    return get(runId, RequestOptions.none());
  }

  /// As [#get(String)], with options for this call.
  CompletableFuture<Run> get(String runId, RequestOptions options);

  /// As [#get(String, RequestOptions)], building the options inline.
  default CompletableFuture<Run> get(String runId, Consumer<RequestOptions.Builder> options) {
    return get(runId, RequestOptions.of(options));
  }
}
