package io.galerne.client;

import io.galerne.client.runs.MetricsRequest;
import io.galerne.client.runs.WorkflowMetrics;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// The non-blocking variant of [Workflows]. Thread-safe.
public interface WorkflowsAsync {
  /// The same as [MistralAsync#events()].
  EventsAsync events();

  /// Lists and looks up runs.
  RunsAsync runs();

  /// Streams, waits for and looks up single executions.
  ExecutionsAsync executions();

  /// Returns the metrics of a workflow's runs: counts and durations.
  CompletableFuture<WorkflowMetrics> metrics(MetricsRequest request);

  /// As [#metrics(MetricsRequest)], building the request inline.
  default CompletableFuture<WorkflowMetrics> metrics(
      String workflowName, Consumer<MetricsRequest.Builder> request) {
    return metrics(MetricsRequest.of(workflowName, request));
  }
}
