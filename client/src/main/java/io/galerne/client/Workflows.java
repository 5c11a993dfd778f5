package io.galerne.client;

import io.galerne.client.error.MistralException;
import io.galerne.client.runs.MetricsRequest;
import io.galerne.client.runs.WorkflowMetrics;
import java.util.function.Consumer;

/// Runs, executions and metrics of workflows. Thread-safe. Calls throw the exceptions described at
/// [Events].
public interface Workflows {
  /// The same as [Mistral#events()].
  Events events();

  /// Lists and looks up runs.
  Runs runs();

  /// Streams, waits for and looks up single executions.
  Executions executions();

  /// Returns the metrics of a workflow's runs: counts and durations (contract, section 8).
  ///
  /// @throws MistralException if the call fails
  /// @throws IllegalArgumentException if the name is empty
  default WorkflowMetrics metrics(String workflowName) {
    return metrics(MetricsRequest.builder(workflowName).build());
  }

  /// As [#metrics(String)], for runs that started in a time range.
  WorkflowMetrics metrics(MetricsRequest request);

  /// As [#metrics(MetricsRequest)], building the request inline.
  default WorkflowMetrics metrics(String workflowName, Consumer<MetricsRequest.Builder> request) {
    return metrics(MetricsRequest.of(workflowName, request));
  }
}
