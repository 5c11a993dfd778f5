package io.galerne.server.runs;

import static io.galerne.server.ingest.JsonText.quote;

import io.galerne.protocol.EventTimestamp;
import io.galerne.server.log.runs.Run;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Renders runs in the official formats (contract, section 8). Omits members that the events do not
/// contain, such as who started a run.
public final class RunJson {
  private RunJson() {}

  /// A run without its result, as in lists.
  public static String run(Run run) {
    return "{" + members(run) + "}";
  }

  /// A run with its result.
  ///
  /// @param result as JSON
  /// @param more further members, each with a leading comma
  static String run(Run run, String result, String... more) {
    return "{" + members(run) + ",\"result\":" + result + String.join("", more) + "}";
  }

  private static String members(Run run) {
    return "\"workflow_name\":"
        + quote(run.workflowName())
        + ",\"execution_id\":"
        + quote(run.executionId())
        + ",\"run_id\":"
        + quote(run.runId())
        + ",\"parent_execution_id\":"
        + quoteOrNull(run.parentExecutionId())
        + ",\"root_execution_id\":"
        + quote(run.rootExecutionId())
        + ",\"status\":\""
        + run.status()
        + "\",\"start_time\":"
        + time(run.startNanos())
        + ",\"end_time\":"
        + (run.isOver() ? time(run.endNanos()) : "null")
        + ",\"total_duration_ms\":"
        + (run.isOver() ? Long.toString(millis(run)) : "null");
  }

  private static String time(long nanos) {
    return "\"" + EventTimestamp.format(nanos) + "\"";
  }

  /// The duration of an ended run; 0 if clock skew makes it negative.
  static long millis(Run run) {
    return TimeUnit.NANOSECONDS.toMillis(Math.max(0, run.endNanos() - run.startNanos()));
  }

  /// An array of strings.
  static String strings(List<String> texts) {
    return texts.stream().map(text -> quote(text)).collect(Collectors.joining(",", "[", "]"));
  }

  static String quoteOrNull(@Nullable String text) {
    return text == null ? "null" : quote(text);
  }
}
