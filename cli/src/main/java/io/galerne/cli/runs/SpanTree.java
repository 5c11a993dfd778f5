package io.galerne.cli.runs;

import io.galerne.client.runs.TraceEvent;
import io.galerne.client.runs.TraceSpan;
import io.galerne.protocol.EventType;
import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A span of a trace with its child spans, outcome, retries and error.
///
/// @param executionId the span's execution; empty if the server does not say
/// @param retries the number of failed attempts that were retried
/// @param error why it, or its last attempt, failed; null if none failed
record SpanTree(
    TraceSpan span,
    Kind kind,
    String executionId,
    Outcome outcome,
    long retries,
    @Nullable String error,
    List<SpanTree> children) {
  static final String CUSTOM_TASK_ID = "custom_task_id";

  /// The kind of a span. Servers other than Galerne do not send it.
  enum Kind {
    EXECUTION,
    RUN,
    ACTIVITY,
    TASK,
    OTHER
  }

  /// @param internal whether to include the worker's own activities (contract, section 10)
  static SpanTree of(TraceSpan root, boolean internal) {
    return of(root, "", internal);
  }

  private static SpanTree of(TraceSpan span, String parentExecution, boolean internal) {
    String execution = span.text("execution_id").orElse(parentExecution);
    Kind kind = kind(span);
    List<SpanTree> children =
        span.children().stream()
            .filter(child -> internal || !isInternal(child))
            .map(child -> of(child, execution, internal))
            .toList();
    return new SpanTree(
        span,
        kind,
        execution,
        outcome(span, kind, execution, children),
        span.events().stream()
            .filter(event -> event.name().equals(EventType.ACTIVITY_TASK_RETRYING.wireName()))
            .count(),
        span.text("error").orElse(null),
        children);
  }

  private static Kind kind(TraceSpan span) {
    return switch (span.text("kind").orElse("")) {
      case "execution" -> Kind.EXECUTION;
      case "workflow" -> Kind.RUN;
      case "activity" -> Kind.ACTIVITY;
      case "custom_task" -> Kind.TASK;
      default -> Kind.OTHER;
    };
  }

  private static boolean isInternal(TraceSpan span) {
    return kind(span) != Kind.TASK
        && (span.name().startsWith("__internal__") || span.name().startsWith("__emit_"));
  }

  /// Returns the outcome by the newest event; for an execution, by its newest run.
  private static Outcome outcome(
      TraceSpan span, Kind kind, String execution, List<SpanTree> children) {
    if (kind == Kind.EXECUTION) {
      Outcome newest = Outcome.UNKNOWN;
      for (SpanTree child : children) {
        newest =
            child.kind == Kind.RUN && child.executionId.equals(execution) ? child.outcome : newest;
      }
      return newest;
    }
    return outcome(span.events()).orElseGet(() -> ofTimes(span));
  }

  /// Returns the outcome by the newest of a span's events; empty if no event has one.
  static Optional<Outcome> outcome(List<TraceEvent> events) {
    return events.stream()
        .map(TraceEvent::name)
        .filter(name -> !name.startsWith("WORKFLOW_TASK_"))
        .flatMap(name -> EventType.ofWireName(name).stream())
        .reduce((one, next) -> next)
        .map(Outcome::after);
  }

  private static Outcome ofTimes(TraceSpan span) {
    if (span.endTime().isEmpty()) {
      return Outcome.RUNNING;
    }
    return span.text("error").isPresent() ? Outcome.FAILED : Outcome.COMPLETED;
  }

  /// Returns how long it took, or has taken until now.
  Duration took(Instant now) {
    return span.duration().orElseGet(() -> Duration.between(span.startTime(), now));
  }

  /// Returns its result; empty if there is none, or if the trace has only a part of it.
  Optional<Json> result() {
    return span.text("result").flatMap(SpanTree::json).filter(json -> !json.equals(Json.NULL));
  }

  private static Optional<Json> json(String text) {
    try {
      return Optional.of(Json.of(text));
    } catch (MalformedEventException cut) {
      return Optional.empty();
    }
  }

  /// Returns the id of a custom task; empty for anything else.
  Optional<String> taskId() {
    return kind == Kind.TASK ? span.text(CUSTOM_TASK_ID) : Optional.empty();
  }

  /// Returns this span and all its descendants, from top to bottom.
  Stream<SpanTree> all() {
    return Stream.concat(Stream.of(this), children.stream().flatMap(SpanTree::all));
  }
}
