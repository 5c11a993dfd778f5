package io.galerne.server.runs;

import static io.galerne.server.ingest.JsonText.quote;

import io.galerne.server.log.EventLog;
import io.galerne.server.log.runs.Run;
import io.galerne.server.runs.Span.Kind;
import io.galerne.server.runs.Span.Moment;
import io.galerne.server.runs.Span.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Renders a [Trace] as an OpenTelemetry trace in the official format, that of Grafana Tempo: one
/// batch, whose resource is the workflow. With `batches` renamed to `resourceSpans`, OTLP receivers
/// accept it: they expect ids in hexadecimal, although Tempo's API returns Base64, and reject
/// `null`. For one answer.
public final class OtelTrace {
  private static final String SCOPE = "galerne";
  private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");

  private final Trace trace;
  private final String traceId;
  private final boolean internal;

  /// The timestamp of the newest event of the trace: the end of open spans.
  private final long known;

  private final List<String> spans = new ArrayList<>();

  private OtelTrace(Trace trace, boolean internal) {
    this.trace = trace;
    this.internal = internal;
    this.traceId = SpanId.trace(trace.run().namespace(), trace.run().rootExecutionId());
    this.known =
        trace.lines().stream()
            .mapToLong(line -> line.moment().nanos())
            .max()
            .orElse(trace.root().start());
  }

  /// The trace of an execution.
  ///
  /// @param internal whether to include the worker's internal activities
  /// @param abandoned whether the caller no longer waits for the answer
  public static String json(EventLog log, Run run, boolean internal, BooleanSupplier abandoned) {
    Trace trace = Trace.read(log, run, abandoned);
    OtelTrace otel = new OtelTrace(trace, internal);
    return RunJson.run(
        run,
        RunResult.of(log, run),
        ",\"data_source\":\"events\",\"otel_trace_id\":",
        quote(otel.traceId),
        ",\"otel_trace_data\":",
        otel.data(),
        trace.isCut() ? ",\"truncated\":true" : "");
  }

  private String data() {
    add(trace.root(), null);
    return "{\"batches\":[{\"resource\":{\"attributes\":["
        + attribute("service.name", quote(trace.run().workflowName()))
        + ","
        + attribute("galerne.namespace", quote(trace.run().namespace()))
        + "]},\"scopeSpans\":[{\"scope\":{\"name\":\""
        + SCOPE
        + "\"},\"spans\":["
        + String.join(",", spans)
        + "]}]}]}";
  }

  private void add(Span span, @Nullable Span parent) {
    Long end = span.end();
    long until = Math.max(span.start(), end == null ? known : end);
    spans.add(
        "{\"traceId\":"
            + quote(traceId)
            + ",\"spanId\":"
            + quote(span.id())
            + (parent == null ? "" : ",\"parentSpanId\":" + quote(parent.id()))
            + ",\"name\":"
            + quote(span.name())
            + ",\"kind\":\""
            + (span.kind() == Kind.EXECUTION || span.kind() == Kind.WORKFLOW
                ? "SPAN_KIND_SERVER"
                : "SPAN_KIND_INTERNAL")
            + "\",\"startTimeUnixNano\":\""
            + span.start()
            + "\",\"endTimeUnixNano\":\""
            + until
            + "\",\"attributes\":"
            + attributes(span.attributes())
            + ",\"events\":"
            + span.moments().stream()
                .map(OtelTrace::event)
                .collect(Collectors.joining(",", "[", "]"))
            + ",\"status\":"
            + status(span)
            + "}");
    for (Span child : span.children()) {
      if (internal || !child.isInternal()) {
        add(child, span);
      }
    }
  }

  /// The status with a numeric code, as OTLP requires; Grafana detects failures by it.
  private static String status(Span span) {
    int code =
        switch (span.status()) {
          case RUNNING -> 0; // unset
          case COMPLETED -> 1; // ok
          case FAILED -> 2; // error
        };
    String error = span.status() == Status.FAILED ? span.error() : null;
    return "{\"code\":"
        + code
        + (error == null ? "" : ",\"message\":" + quote(Span.cut(error)))
        + "}";
  }

  private static String event(Moment moment) {
    return "{\"name\":"
        + quote(moment.name())
        + ",\"timeUnixNano\":\""
        + moment.nanos()
        + "\",\"attributes\":"
        + attributes(moment.attributes())
        + "}";
  }

  private static String attributes(Map<String, String> attributes) {
    return attributes.entrySet().stream()
        .map(attribute -> attribute(attribute.getKey(), attribute.getValue()))
        .collect(Collectors.joining(",", "[", "]"));
  }

  /// @param json a string or an integer; traces have no other attributes
  private static String attribute(String key, String json) {
    String value =
        INTEGER.matcher(json).matches()
            ? "{\"intValue\":\"" + json + "\"}"
            : "{\"stringValue\":" + json + "}";
    return "{\"key\":" + quote(key) + ",\"value\":" + value + "}";
  }
}
