package io.galerne.cli.runs;

import io.galerne.cli.print.Columns;
import io.galerne.client.runs.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help.Ansi.Style;

/// Formats runs as rows of a table. Ids are never cut, so that they can be pasted. The workflow's
/// name is cut if the row would be too wide. Columns grow with the printed rows.
final class RunTable {
  private static final String GAP = "  ";
  private static final int TOOK_WIDTH = 12;

  /// The smallest useful width of a name.
  private static final int LEAST_NAME = 8;

  private final Pen pen;
  private final boolean wide;
  private int executionWidth = 12;
  private int runWidth = 3;

  RunTable(Pen pen, boolean wide) {
    this.pen = pen;
    this.wide = wide;
  }

  String heading() {
    String zoned = "STARTED (" + pen.zone().getId() + ")";
    String started = zoned.length() > Pen.TIME_WIDTH ? "STARTED" : zoned;
    return pen.paint(
        Style.bold,
        Columns.padded("STATUS", Outcome.WIDTH + 2)
            + GAP
            + Columns.padded(started, Pen.TIME_WIDTH)
            + GAP
            + Columns.padded("TOOK", TOOK_WIDTH)
            + GAP
            + Columns.padded("EXECUTION", executionWidth)
            + (wide ? GAP + Columns.padded("RUN", runWidth) : "")
            + GAP
            + "WORKFLOW");
  }

  /// Returns the rows of the runs, one or two lines each.
  List<String> rows(List<Run> runs, Waits waits, Instant now) {
    for (Run run : runs) {
      executionWidth = Math.max(executionWidth, Columns.width(pen.id(run.executionId())));
      runWidth = Math.max(runWidth, Columns.width(runId(run)));
    }
    List<String> rows = new ArrayList<>();
    for (Run run : runs) {
      rows.add(row(run, now));
      waits
          .of(run)
          .ifPresent(
              wait -> rows.add("    " + pen.paint(Style.fg_yellow, text(wait.words(now), 4))));
    }
    return rows;
  }

  private String row(Run run, Instant now) {
    Outcome outcome = Outcome.of(run.status());
    String word = outcome == Outcome.UNKNOWN ? run.statusName().orElse("unknown") : outcome.word();
    String sign = outcome.sign(pen.terminal().unicode()) + " ";
    String took = Words.of(run.duration().orElseGet(() -> Duration.between(run.startTime(), now)));
    String ids =
        Columns.padded(pen.id(run.executionId()), executionWidth)
            + (wide ? GAP + Columns.padded(runId(run), runWidth) : "");
    String before = Columns.padded(sign + pen.head(word, Outcome.WIDTH), Outcome.WIDTH + 2);
    int used =
        before.length() + Pen.TIME_WIDTH + TOOK_WIDTH + Columns.width(ids) + 4 * GAP.length();
    return pen.paint(outcome.colour(), before)
        + GAP
        + pen.time(run.startTime())
        + GAP
        + Columns.padded(took, TOOK_WIDTH)
        + GAP
        + ids
        + GAP
        + text(run.workflowName(), used);
  }

  private String runId(Run run) {
    return run.runId().map(pen::id).orElse("-");
  }

  private String text(String text, int used) {
    int room = Math.max(LEAST_NAME, pen.terminal().columns() - used);
    return pen.head(text, wide ? Integer.MAX_VALUE : room);
  }
}
