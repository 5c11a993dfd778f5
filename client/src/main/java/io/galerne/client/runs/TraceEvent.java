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
public final class TraceEvent {
  private final String name;
  private final String id;
  private final Instant timestamp;
  private final Map<String, Json> attributes;
  private final boolean internal;
  private final @Nullable Step step;

  private TraceEvent(Members event) {
    name = event.requiredString("name");
    id = event.requiredString("id");
    timestamp = event.requiredNanos("timestamp_unix_nano");
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(event.members("attributes")));
    internal = event.isTrue("internal");
    step = event.integer("start_time_unix_ms") == null ? null : new Step(event);
  }

  /// Parses an event from the JSON of a response.
  ///
  /// @throws io.galerne.protocol.MalformedEventException if the JSON does not have the form of the
  ///     contract
  public static TraceEvent of(Json json) {
    return new TraceEvent(Members.of(json));
  }

  /// The event's type, or the name of the span that it is a step of.
  public String name() {
    return name;
  }

  /// The id of the event or the span.
  public String id() {
    return id;
  }

  /// When it happened.
  public Instant timestamp() {
    return timestamp;
  }

  /// Strings, numbers, booleans and nulls, verbatim and in their order.
  public Map<String, Json> attributes() {
    return attributes;
  }

  /// Whether this is one of the worker's internal activities (contract, section 10).
  public boolean internal() {
    return internal;
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

  @Override
  public String toString() {
    return "TraceEvent[" + name + ", " + id + "]";
  }

  /// The progress of a span. Immutable.
  public static final class Step {
    private final String statusName;
    private final Instant startTime;
    private final @Nullable Instant end;
    private final @Nullable String error;

    private Step(Members event) {
      String status = event.string("status");
      Instant start = event.millis("start_time_unix_ms");
      statusName = status == null ? "RUNNING" : status;
      startTime = start == null ? Instant.EPOCH : start;
      end = event.millis("end_time_unix_ms");
      error = event.string("error");
    }

    /// The status in the server's spelling: `RUNNING`, `COMPLETED`, `FAILED` or another.
    public String statusName() {
      return statusName;
    }

    /// When the span started, to the millisecond.
    public Instant startTime() {
      return startTime;
    }

    /// The span's status; [RunStatus#UNKNOWN] if this client does not know the server's.
    public RunStatus status() {
      return RunStatus.of(statusName);
    }

    /// When the span ended, to the millisecond; empty if it had not.
    public Optional<Instant> endTime() {
      return Optional.ofNullable(end);
    }

    /// Why the span failed; empty if it had not.
    public Optional<String> failure() {
      return Optional.ofNullable(error);
    }
  }
}
