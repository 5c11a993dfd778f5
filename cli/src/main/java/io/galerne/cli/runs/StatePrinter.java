package io.galerne.cli.runs;

import io.galerne.cli.print.ExactTree;
import io.galerne.client.runs.ExecutionState;
import io.galerne.client.runs.TaskSnapshot;
import io.galerne.protocol.Json;
import io.galerne.protocol.TaskState;
import java.io.PrintWriter;
import picocli.CommandLine.Help.Ansi.Style;

/// Prints the values of tasks in full.
final class StatePrinter {
  private final Pen pen;
  private final PrintWriter out;

  StatePrinter(Pen pen, PrintWriter out) {
    this.pen = pen;
    this.out = out;
  }

  void print(ExecutionState state) {
    out.println(pen.paint(Style.faint, "the state after sequence " + state.brokerSequence()));
    if (state.tasks().isEmpty()) {
      out.println("There are no custom tasks.");
    }
    state.tasks().forEach(this::print);
    out.flush();
  }

  private void print(TaskSnapshot task) {
    out.println();
    out.println(
        task.status()
                .map(StatePrinter::outcome)
                .map(pen::outcome)
                .orElseGet(() -> pen.id(task.statusName()))
            + "  "
            + pen.paint(Style.bold, pen.id(task.customTaskType()))
            + "  "
            + pen.id(task.customTaskId()));
    task.failure().ifPresent(failure -> note(Style.fg_red, failure));
    task.reason().ifPresent(reason -> note(Style.fg_magenta, reason));
    task.staleReason()
        .ifPresent(reason -> note(Style.fg_yellow, "not the latest value: " + reason));
    task.value()
        .ifPresent(
            value -> pretty(value).lines().forEach(line -> out.println("  " + pen.id(line))));
  }

  private void note(Style colour, String text) {
    out.println("  " + pen.show(new Pen.Line(colour, text), Integer.MAX_VALUE));
  }

  private static String pretty(Json value) {
    return ExactTree.of(value).toPrettyString();
  }

  private static Outcome outcome(TaskState.Status status) {
    return switch (status) {
      case RUNNING -> Outcome.RUNNING;
      case RETRYING -> Outcome.RETRYING;
      case COMPLETED -> Outcome.COMPLETED;
      case FAILED -> Outcome.FAILED;
      case TIMED_OUT -> Outcome.TIMED_OUT;
      case CANCELED -> Outcome.CANCELED;
    };
  }
}
