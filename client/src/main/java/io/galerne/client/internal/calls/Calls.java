package io.galerne.client.internal.calls;

import io.galerne.client.RequestOptions;
import io.galerne.client.WorkflowEventsRequest;
import io.galerne.client.internal.http.Call;
import io.galerne.client.internal.http.UrlQuery;
import io.galerne.client.publish.OutgoingEvent;
import io.galerne.client.publish.SendEventRequest;
import io.galerne.client.publish.SendEventsBatchRequest;
import io.galerne.client.runs.MetricsRequest;
import io.galerne.client.runs.RunsRequest;
import io.galerne.client.runs.StateRequest;
import io.galerne.client.runs.TraceRequest;
import io.galerne.protocol.Json;
import java.util.Map;
import java.util.stream.Collectors;

/// Turns requests into HTTP calls: operation, path, query, body. Calls for streams are in
/// [StreamPlan][io.galerne.client.internal.stream.StreamPlan].
final class Calls {
  private static final String EVENTS = "/v1/workflows/events";
  private static final String RUNS = "/v1/workflows/runs";
  private static final String EXECUTIONS = "/v1/workflows/executions/";

  private Calls() {}

  static Call list(WorkflowEventsRequest request) {
    return Call.get(
        "getWorkflowEvents",
        EVENTS + "/list",
        UrlQuery.of(request.parameters()),
        request.options());
  }

  static Call send(SendEventRequest request) {
    return Call.post("sendEvent", EVENTS, body(request.event()), request.options());
  }

  static Call sendBatch(SendEventsBatchRequest request) {
    String body =
        request.events().stream()
            .map(Calls::item)
            .collect(Collectors.joining(",", "{\"events\":[", "]}"));
    return Call.post("sendEventsBatch", EVENTS + "/batch", body, request.options());
  }

  static Call list(RunsRequest request) {
    return Call.get("runs.list", RUNS, UrlQuery.of(request.parameters()), request.options());
  }

  static Call run(String runId, RequestOptions options) {
    return Call.get(
        "runs.get", RUNS + "/" + UrlQuery.segment(runId, "runId"), new UrlQuery(), options);
  }

  static Call execution(String executionId, RequestOptions options) {
    return Call.get("executions.get", path(executionId), new UrlQuery(), options);
  }

  /// @param form the last part of the path
  static Call trace(String operation, String form, TraceRequest request) {
    return Call.get(
        operation,
        path(request.executionId()) + form,
        UrlQuery.of(request.parameters()),
        request.options());
  }

  static Call traceInfo(String executionId, RequestOptions options) {
    return Call.get(
        "executions.traceInfo", path(executionId) + "/trace/info", new UrlQuery(), options);
  }

  static Call state(StateRequest request) {
    return Call.get(
        "executions.state",
        path(request.executionId()) + "/state",
        UrlQuery.of(request.parameters()),
        request.options());
  }

  static Call metrics(MetricsRequest request) {
    return Call.get(
        "workflows.metrics",
        "/v1/workflows/" + UrlQuery.segment(request.workflowName(), "workflowName") + "/metrics",
        UrlQuery.of(request.parameters()),
        request.options());
  }

  private static String path(String executionId) {
    return EXECUTIONS + UrlQuery.segment(executionId, "executionId");
  }

  /// The body that publishes an event alone: `{"event": …}`.
  private static String body(OutgoingEvent outgoing) {
    StringBuilder text = new StringBuilder(outgoing.event().text().length() + 64);
    text.append("{\"event\":").append(outgoing.event().text());
    if (outgoing.stream() != null) {
      text.append(",\"stream\":").append(Json.ofValue(outgoing.stream()).text());
    }
    if (!outgoing.metadata().isEmpty()) {
      text.append(",\"metadata\":{");
      String separator = "";
      for (Map.Entry<String, Json> entry : outgoing.metadata().entrySet()) {
        text.append(separator).append(Json.ofValue(entry.getKey()).text());
        text.append(':').append(entry.getValue().text());
        separator = ",";
      }
      text.append('}');
    }
    return text.append('}').toString();
  }

  /// An event of a batch: the bare event if it has no stream or metadata.
  static String item(OutgoingEvent outgoing) {
    return outgoing.stream() == null && outgoing.metadata().isEmpty()
        ? outgoing.event().text()
        : body(outgoing);
  }
}
