package io.galerne.client.internal.calls;

import io.galerne.client.Events;
import io.galerne.client.EventsAsync;
import io.galerne.client.Executions;
import io.galerne.client.ExecutionsAsync;
import io.galerne.client.Mistral;
import io.galerne.client.MistralAsync;
import io.galerne.client.Runs;
import io.galerne.client.RunsAsync;
import io.galerne.client.Workflows;
import io.galerne.client.WorkflowsAsync;
import io.galerne.client.internal.http.ClientSettings;
import io.galerne.client.internal.http.Transport;
import io.galerne.client.runs.MetricsRequest;
import io.galerne.client.runs.WorkflowMetrics;
import java.util.concurrent.CompletableFuture;

/// The client, on HTTP.
public final class HttpMistral implements Mistral {
  private final Transport transport;
  private final MistralAsync async;
  private final Workflows workflows;

  public HttpMistral(ClientSettings settings) {
    transport = new Transport(settings);
    HttpEventsAsync events = new HttpEventsAsync(transport);
    HttpExecutionsAsync executions = new HttpExecutionsAsync(transport);
    HttpRunsAsync runs = new HttpRunsAsync(transport);
    WorkflowsAsync later = new HttpWorkflowsAsync(transport, events, runs, executions);
    async = new HttpMistralAsync(events, later);
    workflows =
        new HttpWorkflows(
            new HttpEvents(transport, events),
            new HttpRuns(runs),
            new HttpExecutions(transport, executions),
            later);
  }

  @Override
  public Events events() {
    return workflows.events();
  }

  @Override
  public Workflows workflows() {
    return workflows;
  }

  @Override
  public MistralAsync async() {
    return async;
  }

  @Override
  public void close() {
    transport.close();
  }

  private record HttpMistralAsync(EventsAsync events, WorkflowsAsync workflows)
      implements MistralAsync {}

  private record HttpWorkflows(
      Events events, Runs runs, Executions executions, WorkflowsAsync async) implements Workflows {
    @Override
    public WorkflowMetrics metrics(MetricsRequest request) {
      return Transport.await(async.metrics(request));
    }
  }

  private record HttpWorkflowsAsync(
      Transport transport, EventsAsync events, RunsAsync runs, ExecutionsAsync executions)
      implements WorkflowsAsync {
    @Override
    public CompletableFuture<WorkflowMetrics> metrics(MetricsRequest request) {
      return transport.call(Calls.metrics(request), Answered.as(WorkflowMetrics::of));
    }
  }
}
