package io.galerne.cli.runs;

import io.galerne.client.runs.Run;
import io.galerne.client.runs.TaskSnapshot;
import io.galerne.protocol.Json;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi.Style;

/// Prints the summary of an execution, above its tree.
final class HeadPrinter {
  private final Pen pen;
  private final PrintWriter out;
  private final int width;
  private final Instant now;

  /// @param width of a line
  HeadPrinter(Pen pen, PrintWriter out, int width, Instant now) {
    this.pen = pen;
    this.out = out;
    this.width = width;
    this.now = now;
  }

  /// Prints the current state of the run.
  void print(Run run) {
    Outcome outcome = Outcome.of(run.status());
    Duration took = run.duration().orElseGet(() -> Duration.between(run.startTime(), now));
    title(run, pen.outcome(outcome) + (outcome.isUnderWay() ? " for " : " in ") + Words.of(took));
    String ended = run.endTime().map(end -> ", ended " + pen.time(end)).orElse("");
    ids(run, "started " + pen.time(run.startTime()) + ended + " (" + pen.zone().getId() + ")");
    run.result().ifPresent(result -> result("result: ", result));
  }

  /// Prints the state of the run after a sequence.
  void print(Run run, SpanTree root, long atSeq) {
    title(run, pen.outcome(root.outcome()) + ", as it was after sequence " + atSeq);
    ids(run, "started " + pen.time(root.span().startTime()) + " (" + pen.zone().getId() + ")");
    root.result().ifPresent(result -> result("result: ", result));
  }

  private void title(Run run, String outcome) {
    out.println(
        pen.paint(Style.bold, pen.id(run.executionId()))
            + "  "
            + pen.head(run.workflowName(), width)
            + "  "
            + outcome);
  }

  private void ids(Run run, String times) {
    out.println(pen.paint(Style.faint, times));
    run.runId().ifPresent(id -> out.println(pen.paint(Style.faint, "run " + pen.id(id))));
    run.parentExecutionId()
        .ifPresent(id -> out.println(pen.paint(Style.faint, "started by " + pen.id(id))));
  }

  private void result(String label, Json result) {
    out.println(label + pen.head(result.text(), width - label.length()));
  }

  /// Prints which tasks wait for input, and for how long.
  void printWaits(SpanTree root, Tasks tasks) {
    root.all()
        .forEach(span -> {
          Optional<TaskSnapshot> task = tasks.of(span);
          task.flatMap(TaskView::waitingFor)
              .map(label -> new Waits.Wait(label, span.span().startTime()).words(now))
              .ifPresent(
                  words -> out.println(pen.show(new Pen.Line(Style.fg_yellow, words), width)));
        });
  }
}
