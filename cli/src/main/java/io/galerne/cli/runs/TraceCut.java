package io.galerne.cli.runs;

import io.galerne.cli.CommandFailedException;
import io.galerne.client.Mistral;
import io.galerne.client.runs.TraceEvent;
import io.galerne.client.runs.TraceSpan;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.StreamSource;
import io.galerne.protocol.EventType;
import io.galerne.protocol.Json;
import io.galerne.protocol.StreamEvent;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Cuts a trace to its state after a sequence. It reads the stored events of each execution to know
/// which events had happened by then, and when: a trace has no events of the progress of tasks, and
/// from servers other than Galerne no sequences.
final class TraceCut {
  private final SpanTree whole;
  private final long atSeq;

  /// The ids of the events that had happened.
  private final Set<String> happened = new HashSet<>();

  private Instant asOf = Instant.MIN;

  /// The spans of custom tasks that had begun, by their states.
  private final Set<String> begun = new HashSet<>();

  TraceCut(Mistral mistral, SpanTree whole, Tasks tasks, long atSeq) {
    this.whole = whole;
    this.atSeq = atSeq;
    whole
        .all()
        .filter(span -> tasks.of(span).isPresent())
        .forEach(span -> begun.add(span.span().spanId()));
    whole.all().map(SpanTree::executionId).distinct().forEach(id -> read(mistral, id));
  }

  private void read(Mistral mistral, String execution) {
    try (EventStream events =
        mistral.workflows().executions().stream(
            execution, request -> request.eventSource(StreamSource.DATABASE))) {
      for (StreamEvent event : events) {
        if (event.brokerSequence() > atSeq) {
          return;
        }
        Instant time = event.data().eventTimestamp();
        asOf = time.isAfter(asOf) ? time : asOf;
        if (event.data().type().filter(EventType.CUSTOM_TASK_IN_PROGRESS::equals).isEmpty()) {
          happened.add(event.data().eventId());
        }
      }
    }
  }

  /// Returns the time of the newest of these events, which is "now" for spans that were under way.
  Instant asOf() {
    return asOf;
  }

  /// @throws CommandFailedException if nothing had happened
  SpanTree cut(boolean internal) {
    return Optional.ofNullable(cut(whole.span()))
        .map(span -> SpanTree.of(span, internal))
        .orElseThrow(() ->
            new CommandFailedException(
                "execution '"
                    + whole.executionId()
                    + "' has no events up to sequence "
                    + atSeq
                    + "; they may have expired"));
  }

  private @Nullable TraceSpan cut(TraceSpan span) {
    List<TraceEvent> events =
        span.events().stream().filter(event -> happened.contains(event.id())).toList();
    List<TraceSpan> children =
        span.children().stream().map(this::cut).filter(Objects::nonNull).toList();
    if (events.isEmpty() && children.isEmpty() && !begun.contains(span.spanId())) {
      return null;
    }
    Optional<Instant> end = end(span, events, children);
    boolean unchanged = events.size() == span.events().size() && end.equals(span.endTime());
    return unchanged && children.equals(span.children())
        ? span
        : span.with(
            end.orElse(null),
            unchanged ? span.attributes() : attributes(span, events, end.isPresent()),
            events,
            children);
  }

  /// Returns when it had ended; empty if it had not.
  private static Optional<Instant> end(
      TraceSpan span, List<TraceEvent> events, List<TraceSpan> children) {
    if (span.events().isEmpty()) {
      return children.equals(span.children()) ? span.endTime() : Optional.empty(); // the same spans
    } else if (events.size() == span.events().size()) {
      return span.endTime();
    }
    boolean ended = SpanTree.outcome(events).filter(last -> !last.isUnderWay()).isPresent();
    return ended ? Optional.of(events.get(events.size() - 1).timestamp()) : Optional.empty();
  }

  private static Map<String, Json> attributes(
      TraceSpan span, List<TraceEvent> events, boolean ended) {
    Map<String, Json> attributes = new LinkedHashMap<>(span.attributes());
    attributes.remove("status");
    attributes.remove("error");
    if (!ended) {
      attributes.remove("result");
    }
    for (TraceEvent event : events) {
      Json error = event.attributes().get("error");
      if (error != null) {
        attributes.put("error", error);
      }
    }
    return attributes;
  }
}
