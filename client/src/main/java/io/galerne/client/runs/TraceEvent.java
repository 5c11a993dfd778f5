package io.galerne.client.runs;

import io.galerne.client.internal.http.Members;
import io.galerne.protocol.Json;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// An event of a trace (contract, section 8). Immutable.
///
/// @param name the event's type, or the name of the span that it is a step of
/// @param id the id of the event or the span
/// @param timestamp when it happened
/// @param attributes strings, numbers, booleans and nulls, verbatim and in their order
/// @param internal whether this is one of the worker's internal activities (contract, section 10)
/// @param step the progress of the span that this event is a step of; null for other events
public record TraceEvent(
    String name,
    String id,
    Instant timestamp,
    Map<String, Json> attributes,
    boolean internal,
    @Nullable Step step) {
  public TraceEvent {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes)); // in their order
  }

  /// Parses an event from the JSON of a response.
  ///
  /// @throws io.galerne.protocol.MalformedEventException if the JSON does not have the form of the
  ///     contract
  public static TraceEvent of(Json json) {
    Members event = Members.of(json);
    return new TraceEvent(
        event.requiredString("name"),
        event.requiredString("id"),
        event.requiredNanos("timestamp_unix_nano"),
        event.members("attributes"),
        event.isTrue("internal"),
        event.integer("start_time_unix_ms") == null ? null : Step.of(event));
  }

  /// The sequence of the event in the log, or of the span's oldest event if its events are merged;
  /// empty if the server does not send it. The hosted API does not.
  public OptionalLong brokerSequence() {
    return Members.brokerSequence(attributes);
  }

  /// The progress of the span that this event is a step of; empty for other events.
  public Optional<Step> progress() {
    return Optional.ofNullable(step);
  }

  /// The progress of a span.
  ///
  /// @param statusName the status in the server's spelling: `RUNNING`, `COMPLETED`, `FAILED` or
  ///     another
  /// @param startTime when the span started, to the millisecond
  /// @param end when it ended, to the millisecond; null if it had not
  /// @param error why it failed; null if it had not
  public record Step(
      String statusName, Instant startTime, @Nullable Instant end, @Nullable String error) {
    private static Step of(Members event) {
      String status = event.string("status");
      Instant start = event.millis("start_time_unix_ms");
      return new Step(
          status == null ? "RUNNING" : status,
          start == null ? Instant.EPOCH : start,
          event.millis("end_time_unix_ms"),
          event.string("error"));
    }

    /// The span's status; [RunStatus#UNKNOWN] if this client does not know the server's.
    public RunStatus status() {
      return RunStatus.of(statusName);
    }

    /// When the span ended; empty if it had not.
    public Optional<Instant> endTime() {
      return Optional.ofNullable(end);
    }

    /// Why the span failed; empty if it had not.
    public Optional<String> failure() {
      return Optional.ofNullable(error);
    }
  }
}
