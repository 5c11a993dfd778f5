package io.galerne.client.runs;

import io.galerne.client.internal.http.Members;
import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import java.util.List;

/// Metrics of a workflow's runs (contract, section 8). Immutable.
public final class WorkflowMetrics {
  private final long executionCount;
  private final long successCount;
  private final long errorCount;
  private final double averageLatencyMs;
  private final List<Point> latencyOverTime;
  private final double retryRate;
  private final Json json;

  private WorkflowMetrics(Members answer) {
    executionCount = (long) scalar(answer, "execution_count");
    successCount = (long) scalar(answer, "success_count");
    errorCount = (long) scalar(answer, "error_count");
    averageLatencyMs = scalar(answer, "average_latency_ms");
    latencyOverTime =
        metric(answer, "latency_over_time").elements("value").stream().map(Point::of).toList();
    retryRate = scalar(answer, "retry_rate");
    json = answer.json();
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
    return new WorkflowMetrics(Members.of(json));
  }

  /// The number of runs.
  public long executionCount() {
    return executionCount;
  }

  /// The number of completed runs.
  public long successCount() {
    return successCount;
  }

  /// The number of failed runs.
  public long errorCount() {
    return errorCount;
  }

  /// The average duration of the ended runs, in milliseconds.
  public double averageLatencyMs() {
    return averageLatencyMs;
  }

  /// The average duration over time, oldest first.
  public List<Point> latencyOverTime() {
    return latencyOverTime;
  }

  /// The proportion of runs that were retried, from 0 to 1.
  public double retryRate() {
    return retryRate;
  }

  /// The server's JSON, verbatim.
  public Json json() {
    return json;
  }

  /// The server's JSON.
  @Override
  public String toString() {
    return json.text();
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
