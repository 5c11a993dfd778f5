package io.galerne.server.runs;

import static io.galerne.server.ingest.JsonText.quote;

import io.galerne.server.log.EventLog;
import io.galerne.server.log.runs.Run;
import io.galerne.server.runs.Span.Moment;
import io.galerne.server.runs.Span.Status;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Renders traces in the official formats (contract, section 8). A truncated trace has the member
/// `truncated`.
public final class TraceJson {
  private TraceJson() {}

  /// The span tree.
  ///
  /// @param internal whether to include the worker's internal activities
  /// @param abandoned whether the caller no longer waits for the answer
  public static String summary(EventLog log, Run run, boolean internal, BooleanSupplier abandoned) {
    Trace trace = Trace.read(log, run, abandoned);
    return RunJson.run(
        run,
        RunResult.of(log, run),
        ",\"span_tree\":" + span(trace.root(), internal),
        truncated(trace));
  }

  private static String truncated(Trace trace) {
    return trace.isCut() ? ",\"truncated\":true" : "";
  }

  private static String span(Span span, boolean internal) {
    return "{\"span_id\":"
        + quote(span.id())
        + ",\"name\":"
        + quote(span.name())
        + ",\"start_time_unix_nano\":"
        + span.start()
        + ",\"end_time_unix_nano\":"
        + span.end()
        + ",\"attributes\":"
        + object(span.attributes())
        + ",\"events\":"
        + span.moments().stream()
            .map(moment -> moment(moment, span))
            .collect(Collectors.joining(",", "[", "]"))
        + ",\"children\":"
        + span.children().stream()
            .filter(child -> internal || !child.isInternal())
            .map(child -> span(child, internal))
            .collect(Collectors.joining(",", "[", "]"))
        + "}";
  }

  private static String moment(Moment moment, Span span) {
    return "{\"type\":\"EVENT\""
        + members(
            moment.name(), moment.id(), moment.nanos(), moment.attributes(), span.isInternal())
        + "}";
  }

  private static String members(
      String name, String id, long nanos, Map<String, String> attributes, boolean internal) {
    return ",\"name\":"
        + quote(name)
        + ",\"id\":"
        + quote(id)
        + ",\"timestamp_unix_nano\":"
        + nanos
        + ",\"attributes\":"
        + object(attributes)
        + ",\"internal\":"
        + internal;
  }

  static String object(Map<String, String> attributes) {
    return attributes.entrySet().stream()
        .map(attribute -> quote(attribute.getKey()) + ":" + attribute.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }

  /// The id of the execution's trace.
  public static String info(Run run) {
    return "{\"otel_trace_id\":"
        + quote(SpanId.trace(run.namespace(), run.rootExecutionId()))
        + ",\"has_trace_data\":true}";
  }

  /// The flat list of events.
  ///
  /// @param merge whether to merge all events of a span into one, with the span's final state
  /// @param internal whether to include the worker's internal activities
  /// @param abandoned whether the caller no longer waits for the answer
  public static String events(
      EventLog log, Run run, boolean merge, boolean internal, BooleanSupplier abandoned) {
    Trace trace = Trace.read(log, run, abandoned);
    List<String> events = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Trace.Line line : trace.lines()) {
      Span span = line.span();
      if (span.isInternal() && !internal) {
        continue;
      }
      if (line.point()) {
        events.add(moment(line.moment(), span));
      } else if (!merge) {
        Moment moment = line.moment();
        events.add(
            progress(
                span, moment.sequence(), moment.nanos(), line.status(), line.end(), line.error()));
      } else if (seen.add(span.id())) {
        events.add(
            progress(
                span, span.firstSequence(), span.start(), span.status(), span.end(), span.error()));
      }
    }
    return RunJson.run(
        run,
        RunResult.of(log, run),
        ",\"events\":[" + String.join(",", events) + "]",
        truncated(trace));
  }

  private static String progress(
      Span span,
      long sequence,
      long nanos,
      Status status,
      @Nullable Long end,
      @Nullable String error) {
    Map<String, String> attributes = new LinkedHashMap<>(span.attributes());
    attributes.put(Span.BROKER_SEQUENCE, Long.toString(sequence));
    return "{\"type\":\"EVENT_PROGRESS\""
        + members(span.name(), span.id(), nanos, attributes, span.isInternal())
        + ",\"status\":\""
        + status
        + "\",\"start_time_unix_ms\":"
        + millis(span.start())
        + ",\"end_time_unix_ms\":"
        + (end == null ? "null" : Long.toString(millis(end)))
        + ",\"error\":"
        + RunJson.quoteOrNull(error)
        + "}";
  }

  private static long millis(long nanos) {
    return Math.floorDiv(nanos, TimeUnit.MILLISECONDS.toNanos(1));
  }
}
