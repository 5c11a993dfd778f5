package io.galerne.client;

import io.galerne.client.error.MistralException;
import java.util.function.Consumer;

/// The operations on workflows. Safe for use by several threads. Exceptions are those of [Events].
public interface Workflows {
  /// The same as [Mistral#events()].
  Events events();

  /// Looks up runs.
  Runs runs();

  /// The operations on single executions.
  Executions executions();

  /// Counts the runs of a workflow, and how long they took (contract, section 8).
  ///
  /// @throws MistralException if that fails
  /// @throws IllegalArgumentException if the name is empty
  default WorkflowMetrics metrics(String workflowName) {
    return metrics(MetricsRequest.builder(workflowName).build());
  }

  /// As [#metrics(String)], for runs that started within a span of time.
  WorkflowMetrics metrics(MetricsRequest request);

  /// As [#metrics(MetricsRequest)], with a request made on the spot.
  default WorkflowMetrics metrics(String workflowName, Consumer<MetricsRequest.Builder> request) {
    return metrics(MetricsRequest.of(workflowName, request));
  }
}
