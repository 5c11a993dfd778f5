package io.galerne.client;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// The operations on workflows without waiting for them. Safe for use by several threads.
public interface WorkflowsAsync {
  /// The same as [MistralAsync#events()].
  EventsAsync events();

  /// Looks up runs.
  RunsAsync runs();

  /// The operations on single executions.
  ExecutionsAsync executions();

  /// Counts the runs of a workflow, and how long they took.
  CompletableFuture<WorkflowMetrics> metrics(MetricsRequest request);

  /// As [#metrics(MetricsRequest)], with a request made on the spot.
  default CompletableFuture<WorkflowMetrics> metrics(
      String workflowName, Consumer<MetricsRequest.Builder> request) {
    return metrics(MetricsRequest.of(workflowName, request));
  }
}
