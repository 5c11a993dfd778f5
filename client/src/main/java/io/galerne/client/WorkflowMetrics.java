package io.galerne.client;

import io.galerne.client.internal.http.Members;
import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import java.util.List;

/// How the runs of a workflow went (contract, section 8).
///
/// @param executionCount how many runs there are
/// @param successCount how many of them completed
/// @param errorCount how many of them failed
/// @param averageLatencyMs how long those that have ended took, in milliseconds
/// @param latencyOverTime the same over time, the oldest first
/// @param retryRate how many of the runs, from 0 to 1, were tried again
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

  /// How long the runs took that started in a span of time.
  ///
  /// @param timestamp when the span begins, as the server counts; a Galerne server in milliseconds
  ///     since 1970
  /// @param latencyMs how long those runs took on average, in milliseconds
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

  /// Reads metrics from the JSON of an answer. Programs need this only to replace the client in a test.
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
