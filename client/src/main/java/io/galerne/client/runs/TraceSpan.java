package io.galerne.client.runs;

import io.galerne.client.internal.http.Members;
import io.galerne.protocol.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A span of a trace: a run, an activity, a custom task, or a child execution (contract,
/// section 8). Immutable.
///
/// A Galerne server sets the attribute `kind`: `execution`, `workflow`, `activity` or
/// `custom_task`.
///
/// @param spanId the span's id, which is stable
/// @param name the name of the workflow or the activity, or the type of the custom task
/// @param startTime when the span started
/// @param end when the span ended; null if it has not
/// @param attributes strings, numbers, booleans and nulls, verbatim and in their order
/// @param events the events of the span, in the order of the log
/// @param children the child spans, in the order in which they started
public record TraceSpan(
    String spanId,
    String name,
    Instant startTime,
    @Nullable Instant end,
    Map<String, Json> attributes,
    List<TraceEvent> events,
    List<TraceSpan> children) {
  public TraceSpan {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes)); // in their order
    events = List.copyOf(events);
    children = List.copyOf(children);
  }

  /// Parses a span from the JSON of a response.
  ///
  /// @throws io.galerne.protocol.MalformedEventException if the JSON does not have the form of the
  ///     contract
  public static TraceSpan of(Json json) {
    Members span = Members.of(json);
    return new TraceSpan(
        span.requiredString("span_id"),
        span.requiredString("name"),
        span.requiredNanos("start_time_unix_nano"),
        span.nanos("end_time_unix_nano"),
        span.members("attributes"),
        span.elements("events").stream().map(TraceEvent::of).toList(),
        span.elements("children").stream().map(TraceSpan::of).toList());
  }

  /// When the span ended; empty if it has not.
  public Optional<Instant> endTime() {
    return Optional.ofNullable(end);
  }

  /// How long the span took; empty if it has not ended. Zero if clock skew puts the end before the
  /// start.
  public Optional<Duration> duration() {
    return endTime()
        .map(ended ->
            ended.isBefore(startTime) ? Duration.ZERO : Duration.between(startTime, ended));
  }

  /// The sequence of the span's oldest event; empty if the server does not send it. The hosted API
  /// does not.
  public OptionalLong brokerSequence() {
    return Members.brokerSequence(attributes);
  }

  /// A string attribute; empty if there is none of that name, or it is not a string.
  public Optional<String> text(String attribute) {
    return Optional.ofNullable(attributes.get(attribute)).map(Members::text);
  }
}
