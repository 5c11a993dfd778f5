package io.galerne.server.runs;

import static io.galerne.server.ingest.JsonText.quote;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A span of a trace: an execution, a run, an activity or a custom task. One thread fills it in
/// while it reads a [Trace]; read-only afterwards.
final class Span {
  /// Longer texts, such as results, are truncated in traces; the event has the full text.
  private static final int MOST_TEXT = 1_000;

  /// The attribute with the sequence that locates an event in the log: of a moment, its event; of a
  /// span, its oldest event.
  static final String BROKER_SEQUENCE = "broker_sequence";

  /// The kind of a span.
  enum Kind {
    EXECUTION,
    WORKFLOW,
    ACTIVITY,
    CUSTOM_TASK
  }

  /// The status of a span.
  enum Status {
    RUNNING,
    COMPLETED,
    FAILED
  }

  /// An event of a span.
  ///
  /// @param id the id of the published event
  /// @param attributes values as JSON
  record Moment(
      long sequence, String id, String name, long nanos, Map<String, String> attributes) {}

  private final Kind kind;
  private final String id;
  private final String name;
  private final boolean internal;
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final List<Moment> moments = new ArrayList<>();
  private final List<Span> children = new ArrayList<>();
  private final long firstSequence;
  private long start;
  private boolean started;
  private @Nullable Long end;
  private Status status = Status.RUNNING;
  private @Nullable String error;

  /// @param id derived from ids in its events, so it never changes
  /// @param internal whether it is internal to the worker (contract, section 10)
  /// @param firstSequence the sequence of its oldest event
  /// @param nanos the timestamp of that event, in nanoseconds since 1970
  Span(Kind kind, String id, String name, boolean internal, long firstSequence, long nanos) {
    this.kind = kind;
    this.id = id;
    this.name = name;
    this.internal = internal;
    this.firstSequence = firstSequence;
    this.start = nanos;
    json(BROKER_SEQUENCE, Long.toString(firstSequence));
  }

  /// Sets the start time from a start event; until then it is that of the oldest event.
  void startAt(long nanos) {
    start = nanos;
    started = true;
  }

  /// Whether it has a start event.
  boolean isStarted() {
    return started;
  }

  /// Whether it has a start and an end event. If its task starts again, that is a new span.
  boolean isOver() {
    return started && end != null;
  }

  void endAt(long nanos, Status how) {
    end = nanos;
    status = how;
  }

  void failed(String message) {
    error = message;
    text("error", message);
  }

  void text(String key, @Nullable String value) {
    if (value != null) {
      attributes.put(key, quote(cut(value)));
    }
  }

  void json(String key, String json) {
    attributes.put(key, json);
  }

  static String cut(String text) {
    if (text.length() <= MOST_TEXT) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(MOST_TEXT - 1)) ? MOST_TEXT - 1 : MOST_TEXT;
    return text.substring(0, end) + "…";
  }

  void add(Moment moment) {
    moments.add(moment);
  }

  void add(Span child) {
    children.add(child);
  }

  Kind kind() {
    return kind;
  }

  String id() {
    return id;
  }

  String name() {
    return name;
  }

  boolean isInternal() {
    return internal;
  }

  long firstSequence() {
    return firstSequence;
  }

  long start() {
    return start;
  }

  /// The end time, in nanoseconds since 1970; null if it has not ended.
  @Nullable Long end() {
    return end;
  }

  Status status() {
    return status;
  }

  /// The error of its last failed attempt; null if there is none.
  @Nullable String error() {
    return error;
  }

  /// Attributes by name, values as JSON.
  Map<String, String> attributes() {
    return attributes;
  }

  List<Moment> moments() {
    return moments;
  }

  List<Span> children() {
    return children;
  }
}
