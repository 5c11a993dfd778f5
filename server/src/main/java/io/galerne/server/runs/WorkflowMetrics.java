package io.galerne.server.runs;

import io.galerne.server.log.EventLog;
import io.galerne.server.log.runs.Run;
import io.galerne.server.log.runs.RunPage;
import io.galerne.server.log.runs.RunPosition;
import io.galerne.server.log.runs.RunQuery;
import io.galerne.server.log.runs.RunStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/// Metrics of the runs of a workflow that started within a time range (contract, section 8). Not
/// safe for use by several threads.
public final class WorkflowMetrics {
  /// Page size of run queries.
  private static final int PIECE = 1_000;

  /// Maximum number of points of the latency curve. Beyond it, the curve gets coarser.
  private static final int MOST_POINTS = 100;

  /// The time per point of the curve. The first step that needs at most [#MOST_POINTS] is used.
  private static final List<Duration> STEPS =
      List.of(
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(15),
          Duration.ofHours(1),
          Duration.ofHours(6),
          Duration.ofDays(1),
          Duration.ofDays(7),
          Duration.ofDays(30),
          Duration.ofDays(365));

  private long runs;
  private long completed;
  private long failed;
  private long retried;
  private long ended;
  private double millis;

  /// The index in [#STEPS] of the current step; it grows with the time range of the runs.
  private int step;

  private TreeMap<Long, Point> curve = new TreeMap<>();

  /// The runs that started within a step.
  private record Point(long runs, double millis) {
    private Point plus(Point other) {
      return new Point(runs + other.runs, millis + other.millis);
    }
  }

  private WorkflowMetrics() {}

  /// Computes the metrics over all runs that a query selects, as JSON.
  ///
  /// @param abandoned whether the caller no longer waits for the answer
  public static String json(EventLog log, RunQuery query, BooleanSupplier abandoned) {
    WorkflowMetrics metrics = new WorkflowMetrics();
    Optional<RunPosition> after = Optional.empty();
    do {
      RunEvents.requireWanted(abandoned);
      RunPage page = log.runs().list(query, after, PIECE);
      page.runs().forEach(metrics::add);
      after = page.next();
    } while (after.isPresent());
    return metrics.json();
  }

  private void add(Run run) {
    runs++;
    completed += run.status() == RunStatus.COMPLETED ? 1 : 0;
    failed += run.status() == RunStatus.FAILED ? 1 : 0;
    retried += run.wasRetried() ? 1 : 0;
    if (run.isOver()) {
      long took = RunJson.millis(run);
      ended++;
      millis += (double) took;
      curve.merge(at(run.startNanos()), new Point(1, (double) took), Point::plus);
      while (curve.size() > MOST_POINTS && step < STEPS.size() - 1) {
        step++;
        TreeMap<Long, Point> coarser = new TreeMap<>();
        curve.forEach((time, point) ->
            coarser.merge(at(TimeUnit.MILLISECONDS.toNanos(time)), point, Point::plus));
        curve = coarser;
      }
    }
  }

  /// The start of the step that contains this time, in milliseconds since 1970.
  private long at(long nanos) {
    long length = STEPS.get(step).toMillis();
    long time = Math.floorDiv(nanos, TimeUnit.MILLISECONDS.toNanos(1));
    return Math.floorDiv(time, length) * length;
  }

  private String json() {
    return "{\"execution_count\":"
        + scalar(Long.toString(runs))
        + ",\"success_count\":"
        + scalar(Long.toString(completed))
        + ",\"error_count\":"
        + scalar(Long.toString(failed))
        + ",\"average_latency_ms\":"
        + scalar(ratio(millis, (double) ended))
        + ",\"latency_over_time\":{\"value\":"
        + curve.entrySet().stream()
            .map(WorkflowMetrics::point)
            .collect(Collectors.joining(",", "[", "]"))
        + "},\"retry_rate\":"
        + scalar(ratio((double) retried, (double) runs))
        + "}";
  }

  private static String point(Map.Entry<Long, Point> point) {
    return "["
        + point.getKey()
        + ","
        + ratio(point.getValue().millis(), (double) point.getValue().runs())
        + "]";
  }

  private static String scalar(String value) {
    return "{\"value\":" + value + "}";
  }

  private static String ratio(double sum, double count) {
    return count == 0 ? "0" : Double.toString(sum / count);
  }
}
