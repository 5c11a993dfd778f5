package io.galerne.client.internal.stream;

import io.galerne.protocol.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides when the execution that a stream follows is over (contract, section 4): its newest run
/// has a terminal event, and no event of the execution has followed for the grace period.
///
/// Only time that the reader spent waiting counts as quiet: a slow reader, or one with a backlog,
/// may not have read the following events yet.
///
/// For the reading thread.
final class ExecutionWatch {
  /// The number of roots to watch if no execution is named: those with the latest events.
  static final int MAX_EXECUTIONS = 1024;

  /// The number of former runs to remember, so that their late events do not count as a new run.
  static final int MAX_RUNS = 1024;

  /// Events published just before the lookup may still be in transit to the reader.
  private static final Duration UNDER_WAY = Duration.ofMillis(200);

  private final @Nullable String execution;
  private final Duration grace;
  private final Map<String, Runs> executions = new LinkedHashMap<>();
  private Duration quiet = Duration.ZERO;

  /// @param execution null for any root
  /// @param grace how long the execution must stay silent after a terminal event
  ExecutionWatch(@Nullable String execution, Duration grace) {
    this.execution = execution;
    this.grace = grace;
  }

  /// The runs of one execution that are known from events.
  private static final class Runs {
    private final Set<String> known = new LinkedHashSet<>();
    private boolean ended;

    /// The quiet time at this execution's latest event.
    private Duration quietBefore = Duration.ZERO;

    void saw(Event event) {
      if (known.add(event.workflowRunId())) {
        ended = false;
        dropOldest(known, MAX_RUNS);
      }
      if (event.endsExecution() && event.workflowRunId().equals(newest())) {
        ended = true;
      }
    }

    private String newest() {
      String newest = "";
      for (String run : known) {
        newest = run;
      }
      return newest;
    }
  }

  private static void dropOldest(Set<?> all, int most) {
    if (all.size() > most) {
      Iterator<?> oldest = all.iterator();
      oldest.next();
      oldest.remove();
    }
  }

  /// Records an event, in the order of the log.
  void saw(Event event) {
    boolean watched =
        execution == null ? event.isOfRoot() : event.workflowExecId().equals(execution);
    if (watched) {
      Runs runs = executions.remove(event.workflowExecId());
      runs = runs == null ? new Runs() : runs;
      executions.put(event.workflowExecId(), runs); // as the newest
      dropOldest(executions.keySet(), MAX_EXECUTIONS);
      runs.saw(event);
      runs.quietBefore = quiet;
    }
  }

  /// Records that the reader waited and nothing arrived.
  void waited(Duration time) {
    quiet = quiet.plus(time);
  }

  /// Records a lost connection: the next one may have to deliver stored events first, so the quiet
  /// time starts over.
  void connectionLost() {
    quiet = Duration.ZERO;
    executions.values().forEach(runs -> runs.quietBefore = Duration.ZERO);
  }

  /// Whether the newest run of an execution has its terminal event.
  boolean hasEnded() {
    return executions.values().stream().anyMatch(runs -> runs.ended);
  }

  /// The remaining quiet time until an execution is over; empty if none has ended.
  Optional<Duration> untilOver() {
    return executions.values().stream()
        .filter(runs -> runs.ended)
        .map(runs -> grace.minus(quiet.minus(runs.quietBefore)))
        .min(Duration::compareTo);
  }

  /// The remaining quiet time until the grace period has passed on this connection.
  Duration untilQuiet() {
    return grace.minus(quiet);
  }

  boolean isOver() {
    return untilOver().filter(left -> left.isZero() || left.isNegative()).isPresent();
  }

  /// The stored events of the execution, added one by one in the order of the log.
  static final class Stored {
    private final Runs runs = new Runs();
    private @Nullable Event last;

    void add(Event event) {
      runs.saw(event);
      last = event;
    }
  }

  /// Replaces the events read so far with the stored ones. If none are stored, the execution is
  /// over if its events were read and have expired; otherwise it has not started.
  ///
  /// @param expired whether everything up to the resume position has expired
  /// @param now the current time, to compute the silence after the last event
  void learned(Stored stored, boolean expired, Instant now) {
    stored.runs.ended |= stored.last == null && expired;
    Instant last = stored.last == null ? now : stored.last.eventTimestamp();
    Duration age = longer(Duration.between(last, now), Duration.ZERO);
    Duration left = longer(grace.minus(age), shorter(grace, UNDER_WAY));
    stored.runs.quietBefore = quiet.minus(grace.minus(left));
    if (execution != null) {
      executions.put(execution, stored.runs);
    }
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
