package io.galerne.server.log.runs;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.runs.Run.Moment;
import io.galerne.server.log.runs.RunOracle.Told;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// A [RunIndex] that evaluates [RunOracle] over all events, again whenever events came or expired.
///
/// Threads may share it: `latest` is replaced as a whole.
public final class OracleRuns implements RunIndex {
  /// @param sequences of the events that it was evaluated over; an event never changes
  private record Evaluated(Set<Long> sequences, RunOracle oracle) {}

  private final Supplier<SortedMap<Long, EventRecord>> events;
  private volatile Evaluated latest = new Evaluated(Set.of(), new RunOracle(new TreeMap<>()));

  public OracleRuns(Supplier<SortedMap<Long, EventRecord>> events) {
    this.events = events;
  }

  private RunOracle oracle() {
    SortedMap<Long, EventRecord> now = events.get();
    Evaluated evaluated = latest;
    if (!evaluated.sequences().equals(now.keySet())) {
      evaluated = new Evaluated(now.keySet(), new RunOracle(now));
      latest = evaluated;
    }
    return evaluated.oracle();
  }

  private static Run run(Told told) {
    RunStatus status = RunStatus.valueOf(told.status());
    return new Run(
        told.namespace(),
        told.execution(),
        told.run(),
        told.root(),
        told.parent(),
        told.workflow(),
        new Moment(told.first(), told.start()),
        told.last(),
        Moment.NONE,
        told.end() == null ? Moment.NONE : new Moment(told.last(), told.end()),
        status.isFinal() ? status : null,
        Moment.NONE,
        told.retried() ? told.last() : 0,
        status == RunStatus.RETRYING_AFTER_ERROR
            ? List.of(new Run.Retry(0, told.last()))
            : List.of());
  }

  @Override
  public RunPage list(RunQuery query, Optional<RunPosition> after, int most) {
    Comparator<RunPosition> order =
        query.ascending() ? RunPosition.ASCENDING : RunPosition.ASCENDING.reversed();
    Comparator<Run> byPosition = Comparator.comparing(run -> position(query, run), order);
    List<Run> left =
        oracle().runs().stream()
            .map(OracleRuns::run)
            .filter(query::matches)
            .sorted(byPosition)
            .filter(run -> after.isEmpty() || order.compare(position(query, run), after.get()) > 0)
            .toList();
    List<Run> page = left.subList(0, Math.min(most, left.size()));
    return new RunPage(
        page, left.size() > most ? Optional.of(position(query, page.getLast())) : Optional.empty());
  }

  private static RunPosition position(RunQuery query, Run run) {
    return RunPosition.of(RunKey.of(run), query.time(run));
  }

  @Override
  public Optional<Run> run(String namespace, String runId) {
    return oracle().run(namespace, runId).map(OracleRuns::run);
  }

  @Override
  public Optional<Run> newestRun(String namespace, String executionId) {
    return oracle().newestRun(namespace, executionId).map(OracleRuns::run);
  }
}
