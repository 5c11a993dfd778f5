package io.galerne.client;

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

/// Something of an execution that takes time: a run of it, an activity, a custom task, or an execution
/// that it started (contract, section 8). Immutable.
///
/// A Galerne server says in the attribute `kind` what it is: `execution`, `workflow`, `activity` or
/// `custom_task`.
///
/// @param spanId its id, which never changes
/// @param name the name of the workflow or the activity, or the type of the custom task
/// @param startTime when it started
/// @param end when it ended; null if it has not
/// @param attributes strings, numbers, booleans and nulls, exactly as they came and in their order
/// @param events the moments of it, in the order of the log
/// @param children the spans below it, in the order in which they started
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

  /// Reads a span from the JSON of an answer.
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

  /// When it ended; empty if it has not.
  public Optional<Instant> endTime() {
    return Optional.ofNullable(end);
  }

  /// How long it took; empty if it has not ended. Zero if clocks say that it ended before it started.
  public Optional<Duration> duration() {
    return endTime()
        .map(ended ->
            ended.isBefore(startTime) ? Duration.ZERO : Duration.between(startTime, ended));
  }

  /// The sequence of its oldest event in the log; empty if the server does not say it. The hosted API
  /// does not.
  public OptionalLong brokerSequence() {
    return Members.brokerSequence(attributes);
  }

  /// An attribute that is text; empty if there is none of that name, or if it is not text.
  public Optional<String> text(String attribute) {
    return Optional.ofNullable(attributes.get(attribute)).map(Members::text);
  }
}
