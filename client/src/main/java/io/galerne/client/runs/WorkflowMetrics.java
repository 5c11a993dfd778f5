package io.galerne.client.runs;

import io.galerne.client.internal.http.Members;
import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import java.util.List;

/// Metrics of a workflow's runs (contract, section 8).
///
/// @param executionCount the number of runs
/// @param successCount the number of completed runs
/// @param errorCount the number of failed runs
/// @param averageLatencyMs the average duration of the ended runs, in milliseconds
/// @param latencyOverTime the average duration over time, oldest first
/// @param retryRate the proportion of runs that were retried, from 0 to 1
public record WorkflowMetrics(
    long executionCount,
    long successCount,
    long errorCount,
    double averageLatencyMs,
    List<Point> latencyOverTime,
    double retryRate) {
  public WorkflowMetrics {
    latencyOverTime = List.copyOf(latencyOverTime);
  }

  /// The average duration of the runs that started in one interval.
  ///
  /// @param timestamp the start of the interval, in the server's unit; a Galerne server sends
  ///     milliseconds since 1970
  /// @param latencyMs the average duration of those runs, in milliseconds
  public record Point(long timestamp, double latencyMs) {
    private static Point of(Json json) {
      List<Json> pair = json.elements();
      Long timestamp = pair.size() == 2 ? Members.integer(pair.get(0)) : null;
      if (timestamp == null) {
        throw new MalformedEventException(
            "latency_over_time should have pairs of a timestamp and a number, but has " + json,
            null);
      }
      return new Point(timestamp, Members.number(pair.get(1)));
    }
  }

  /// Parses metrics from the JSON of a response. Needed only by tests that replace the client.
  ///
  /// @throws MalformedEventException if the JSON does not have the form of the contract
  public static WorkflowMetrics of(Json json) {
    Members answer = Members.of(json);
    return new WorkflowMetrics(
        (long) scalar(answer, "execution_count"),
        (long) scalar(answer, "success_count"),
        (long) scalar(answer, "error_count"),
        scalar(answer, "average_latency_ms"),
        metric(answer, "latency_over_time").elements("value").stream().map(Point::of).toList(),
        scalar(answer, "retry_rate"));
  }

  private static double scalar(Members answer, String name) {
    Json value = metric(answer, name).value("value");
    return value == null ? 0 : Members.number(value);
  }

  private static Members metric(Members answer, String name) {
    Json metric = answer.value(name);
    if (metric == null) {
      throw new MalformedEventException(name + " is missing", null);
    }
    return Members.of(metric);
  }
}
