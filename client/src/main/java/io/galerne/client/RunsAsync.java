package io.galerne.client;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// Looks up runs without waiting for them. Safe for use by several threads. Results are those of
/// [Runs]; they complete exceptionally with what its calls throw. Cancelling a result cancels its
/// call.
public interface RunsAsync {
  /// Lists one page of runs.
  CompletableFuture<Page<Run>> list(RunsRequest request);

  /// As [#list(RunsRequest)], with a request made on the spot.
  default CompletableFuture<Page<Run>> list(Consumer<RunsRequest.Builder> request) {
    return list(RunsRequest.of(request));
  }

  /// Looks up a run, with its result.
  default CompletableFuture<Run> get(String runId) {
    return get(runId, RequestOptions.none());
  }

  /// As [#get(String)], with options for this call.
  CompletableFuture<Run> get(String runId, RequestOptions options);

  /// As [#get(String, RequestOptions)], with options made on the spot.
  default CompletableFuture<Run> get(String runId, Consumer<RequestOptions.Builder> options) {
    return get(runId, RequestOptions.of(options));
  }
}
