package io.galerne.cli.runs;

import io.galerne.cli.events.JsonLines;
import io.galerne.client.runs.Run;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Prints a line of JSON for each run that is new or changed since the last refresh.
final class ChangeView implements RunWatch.View {
  private final JsonLines lines;
  private final PrintWriter err;
  private Map<String, Run> seen = Map.of();

  ChangeView(JsonLines lines, PrintWriter err) {
    this.lines = lines;
    this.err = err;
  }

  @Override
  public void lost(String why) {
    err.println("galerne: " + why);
    err.flush();
  }

  @Override
  public boolean show(List<Run> runs) {
    Map<String, Run> now = new HashMap<>();
    boolean read = true;
    for (Run run : runs) {
      String id = run.runId().orElseGet(() -> run.executionId() + " " + run.startTime());
      now.put(id, run);
      if (!Objects.equals(run, seen.get(id))) {
        read &= lines.print(run.json());
      }
    }
    seen = now;
    return read;
  }
}
