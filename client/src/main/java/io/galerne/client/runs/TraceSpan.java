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
public final class TraceSpan {
  private final String spanId;
  private final String name;
  private final Instant startTime;
  private final @Nullable Instant end;
  private final Map<String, Json> attributes;
  private final List<TraceEvent> events;
  private final List<TraceSpan> children;

  private TraceSpan(
      String spanId,
      String name,
      Instant startTime,
      @Nullable Instant end,
      Map<String, Json> attributes,
      List<TraceEvent> events,
      List<TraceSpan> children) {
    this.spanId = spanId;
    this.name = name;
    this.startTime = startTime;
    this.end = end;
    this.attributes =
        Collections.unmodifiableMap(new LinkedHashMap<>(attributes)); // in their order
    this.events = List.copyOf(events);
    this.children = List.copyOf(children);
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

  /// This span with another end and other contents, such as what was known of it at an earlier
  /// moment.
  ///
  /// @param end when the span ended; null if it had not
  public TraceSpan with(
      @Nullable Instant end,
      Map<String, Json> attributes,
      List<TraceEvent> events,
      List<TraceSpan> children) {
    return new TraceSpan(spanId, name, startTime, end, attributes, events, children);
  }

  /// The span's id, which is stable.
  public String spanId() {
    return spanId;
  }

  /// The name of the workflow or the activity, or the type of the custom task.
  public String name() {
    return name;
  }

  /// When the span started.
  public Instant startTime() {
    return startTime;
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

  /// Strings, numbers, booleans and nulls, verbatim and in their order.
  public Map<String, Json> attributes() {
    return attributes;
  }

  /// The events of the span, in the order of the log.
  public List<TraceEvent> events() {
    return events;
  }

  /// The child spans, in the order in which they started.
  public List<TraceSpan> children() {
    return children;
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

  @Override
  public String toString() {
    return "TraceSpan[" + name + ", " + spanId + "]";
  }
}
