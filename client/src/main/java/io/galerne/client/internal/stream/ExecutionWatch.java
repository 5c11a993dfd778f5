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
/// has its terminal event, and nothing more of the execution has followed for the grace period.
///
/// Only time in which the reader waited and nothing came counts as quiet: a reader that is slow, or
/// still has a backlog to read, knows nothing yet of what followed.
///
/// For the reading thread.
final class ExecutionWatch {
  /// Without a named execution, that many roots are watched: those heard of last.
  static final int MAX_EXECUTIONS = 1024;

  /// Late events of that many former runs of an execution are told from those of a new run.
  static final int MAX_RUNS = 1024;

  /// What was published just before the server was asked may still be on its way to the reader.
  private static final Duration UNDER_WAY = Duration.ofMillis(200);

  private final @Nullable String execution;
  private final Duration grace;
  private final Map<String, Runs> executions = new LinkedHashMap<>();
  private Duration quiet = Duration.ZERO;

  /// @param execution null for any root
  /// @param grace how long nothing must follow a terminal event
  ExecutionWatch(@Nullable String execution, Duration grace) {
    this.execution = execution;
    this.grace = grace;
  }

  /// The runs of one execution, as far as events have told of them.
  private static final class Runs {
    private final Set<String> known = new LinkedHashSet<>();
    private boolean ended;

    /// How long it had been quiet when this execution was heard of last.
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

  /// An event was read, in the order of the log.
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

  /// The reader waited and nothing came.
  void waited(Duration time) {
    quiet = quiet.plus(time);
  }

  /// A connection was lost: events may have been stored since that the next one has to deliver
  /// first, so that the quiet starts over.
  void connectionLost() {
    quiet = Duration.ZERO;
    executions.values().forEach(runs -> runs.quietBefore = Duration.ZERO);
  }

  /// Whether the newest run of an execution has its terminal event.
  boolean hasEnded() {
    return executions.values().stream().anyMatch(runs -> runs.ended);
  }

  /// How much longer it must stay quiet until an execution is over; empty if none has ended.
  Optional<Duration> untilOver() {
    return executions.values().stream()
        .filter(runs -> runs.ended)
        .map(runs -> grace.minus(quiet.minus(runs.quietBefore)))
        .min(Duration::compareTo);
  }

  /// How much longer it must stay quiet until the grace period has passed on this connection.
  Duration untilQuiet() {
    return grace.minus(quiet);
  }

  boolean isOver() {
    return untilOver().filter(left -> left.isZero() || left.isNegative()).isPresent();
  }

  /// What the server has stored of the execution, collected event by event in the order of the log.
  static final class Stored {
    private final Runs runs = new Runs();
    private @Nullable Event last;

    void add(Event event) {
      runs.saw(event);
      last = event;
    }
  }

  /// Takes what the server has stored in place of what was read of the execution. If nothing of it is
  /// stored, it is over if its events were read and have expired; otherwise it has not begun.
  ///
  /// @param expired whether all up to the position that the stream resumed after has expired
  /// @param now to tell how long nothing has followed the last event
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
