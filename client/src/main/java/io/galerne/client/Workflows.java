package io.galerne.client;

import io.galerne.client.error.MistralException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// What there is to do with workflows. Safe for use by several threads. Exceptions are those of
/// [Events].
public final class Workflows {
  private final Events events;
  private final Transport transport;
  private final Runs runs;
  private final Executions executions;

  Workflows(Events events, Transport transport) {
    this.events = events;
    this.transport = transport;
    this.runs = new Runs(transport);
    this.executions = new Executions(transport);
  }

  /// The same as [Mistral#events()].
  public Events events() {
    return events;
  }

  /// Looks up runs.
  public Runs runs() {
    return runs;
  }

  /// What there is to do with single executions.
  public Executions executions() {
    return executions;
  }

  /// Counts the runs of a workflow, and how long they took (contract, section 8).
  ///
  /// @throws MistralException if that fails
  /// @throws IllegalArgumentException if the name is empty
  public WorkflowMetrics metrics(String workflowName) {
    return metrics(MetricsRequest.builder(workflowName).build());
  }

  /// As [#metrics(String)], for runs that started within a span of time.
  public WorkflowMetrics metrics(MetricsRequest request) {
    return Transport.await(metricsAsync(request));
  }

  /// As [#metrics(MetricsRequest)], with the request put together on the spot.
  public WorkflowMetrics metrics(String workflowName, Consumer<MetricsRequest.Builder> request) {
    return metrics(MetricsRequest.builder(workflowName).with(request).build());
  }

  /// Counts the runs of a workflow without waiting for it.
  public CompletableFuture<WorkflowMetrics> metricsAsync(MetricsRequest request) {
    return transport.call(request.call(), WorkflowMetrics::read);
  }

  /// As [#metricsAsync(MetricsRequest)], with the request put together on the spot.
  public CompletableFuture<WorkflowMetrics> metricsAsync(
      String workflowName, Consumer<MetricsRequest.Builder> request) {
    return metricsAsync(MetricsRequest.builder(workflowName).with(request).build());
  }
}
