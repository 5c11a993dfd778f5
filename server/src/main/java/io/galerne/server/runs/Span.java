package io.galerne.server.runs;

import static io.galerne.server.ingest.JsonText.quote;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something that takes time: an execution, a run, an activity or a custom task. Filled in while a
/// [Trace] is read, by one thread, and read afterwards.
final class Span {
  /// Longer texts, such as results, are cut in traces: whoever wants the whole reads the event.
  private static final int MOST_TEXT = 1_000;

  /// The attribute by which a viewer finds an event in the log: of a moment its event's sequence, of a
  /// span that of its oldest event.
  static final String BROKER_SEQUENCE = "broker_sequence";

  /// What a span is of.
  enum Kind {
    EXECUTION,
    WORKFLOW,
    ACTIVITY,
    CUSTOM_TASK
  }

  /// How far it is.
  enum Status {
    RUNNING,
    COMPLETED,
    FAILED
  }

  /// Something that happened at one moment of it.
  ///
  /// @param id of the event that says so
  /// @param attributes as JSON
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

  /// @param id made of ids that its events have, so it never changes
  /// @param internal whether it is the worker's own (contract, section 10)
  /// @param firstSequence of its oldest event
  /// @param nanos when that happened
  Span(Kind kind, String id, String name, boolean internal, long firstSequence, long nanos) {
    this.kind = kind;
    this.id = id;
    this.name = name;
    this.internal = internal;
    this.firstSequence = firstSequence;
    this.start = nanos;
    json(BROKER_SEQUENCE, Long.toString(firstSequence));
  }

  /// Says when it started: unless an event does, when its oldest event happened.
  void startAt(long nanos) {
    start = nanos;
    started = true;
  }

  /// Whether an event says when it started.
  boolean isStarted() {
    return started;
  }

  /// Whether events say when it started and when it ended. If its task starts again, that is a new span.
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

  /// When it ended; null if it has not.
  @Nullable Long end() {
    return end;
  }

  Status status() {
    return status;
  }

  /// Why its last attempt failed; null if none has.
  @Nullable String error() {
    return error;
  }

  /// As JSON.
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
