package io.galerne.cli.runs;

import io.galerne.cli.print.Columns;
import io.galerne.cli.print.ExactTree;
import io.galerne.cli.print.Values;
import io.galerne.cli.runs.Pen.Line;
import io.galerne.cli.runs.SpanTree.Kind;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi.Style;

/// Prints a tree of spans, a line for each: status, name, duration and result. Longer values of
/// tasks follow on lines below.
final class TreePrinter {
  private static final String GAP = "  ";

  /// The smallest useful width of a description.
  private static final int LEAST_ROOM = 24;

  private final Pen pen;
  private final PrintWriter out;
  private final int width;
  private final Tasks tasks;
  private final Instant now;
  private final TaskView view;
  private final Values values;

  /// @param width of a line; without a limit, texts are shown whole
  TreePrinter(Pen pen, PrintWriter out, int width, Tasks tasks, Instant now) {
    this.pen = pen;
    this.out = out;
    this.width = width;
    this.tasks = tasks;
    this.now = now;
    this.view = new TaskView(pen, width == Integer.MAX_VALUE);
    this.values = new Values(pen.terminal().unicode());
  }

  void print(SpanTree root) {
    print(root, null, "", "");
  }

  /// @param branch the tree lines that lead to the span
  /// @param trunk the tree lines that lead past it, to the spans below
  private void print(SpanTree span, @Nullable SpanTree parent, String branch, String trunk) {
    String name = name(span, parent);
    String took = Words.of(span.took(now));
    String sign = pen.sign(span.outcome());
    int used = Columns.width(branch) + 2 + Columns.width(name) + 2 * GAP.length() + took.length();
    String below = trunk + (span.children().isEmpty() ? "  " : bar());
    int belowWidth = Math.max(LEAST_ROOM, width - Columns.width(below) - GAP.length());
    TaskView.Shown shown = shown(span, belowWidth);
    Line headline = shown.headline();
    boolean fits = width - used >= Math.min(LEAST_ROOM, Columns.width(headline.text()));
    String detail = fits ? pen.show(headline, width - used) : "";
    out.println(
        pen.paint(Style.faint, branch)
            + sign
            + " "
            + (span.kind() == Kind.RUN || span.kind() == Kind.EXECUTION
                ? pen.paint(Style.bold, name)
                : name)
            + GAP
            + pen.paint(Style.faint, took)
            + (detail.isEmpty() ? "" : GAP + detail));
    if (!fits) {
      out.println(pen.paint(Style.faint, below) + GAP + pen.show(headline, belowWidth));
    }
    for (Line line : shown.lines()) {
      out.println(pen.paint(Style.faint, below) + GAP + pen.show(line, belowWidth));
    }
    List<SpanTree> children = span.children();
    for (int i = 0; i < children.size(); i++) {
      boolean last = i == children.size() - 1;
      print(children.get(i), span, trunk + fork(last), trunk + (last ? "  " : bar()));
    }
  }

  private String fork(boolean last) {
    if (!pen.terminal().unicode()) {
      return last ? "` " : "|-";
    }
    return last ? "└ " : "├ ";
  }

  private String bar() {
    return pen.terminal().unicode() ? "│ " : "| ";
  }

  /// Returns the name, with the id of another execution; for a run below its execution, the run's
  /// id.
  private String name(SpanTree span, @Nullable SpanTree parent) {
    String name = pen.head(span.span().name(), Integer.MAX_VALUE);
    boolean ofExecution =
        parent != null
            && parent.kind() == Kind.EXECUTION
            && parent.executionId().equals(span.executionId());
    if (span.kind() == Kind.RUN && ofExecution) {
      return "run " + pen.id(span.span().text("run_id").orElse(name));
    }
    boolean another = parent != null && !parent.executionId().equals(span.executionId());
    return another ? name + GAP + pen.id(span.executionId()) : name;
  }

  private TaskView.Shown shown(SpanTree span, int room) {
    TaskView.Shown held =
        tasks
            .of(span)
            .map(task -> view.of(task, span.span().startTime(), now, room))
            .orElseGet(() -> new TaskView.Shown(result(span), List.of()));
    return failure(span)
        .map(line -> new TaskView.Shown(line, held.lines()))
        .or(() -> retried(span, held))
        .orElse(held);
  }

  private Line result(SpanTree span) {
    String encoding = span.span().text("result_encoding").orElse("");
    if (!encoding.isEmpty()) {
      return new Line(null, "(" + encoding + ")");
    }
    return span.kind() == Kind.EXECUTION
        ? Line.EMPTY
        : new Line(
            null,
            span.result()
                .map(result -> values.summary(ExactTree.of(result)))
                .or(() -> span.span().text("result").filter(text -> !text.equals("null")))
                .orElse(""));
  }

  /// Returns why it failed.
  private static Optional<Line> failure(SpanTree span) {
    return switch (span.outcome()) {
      case FAILED, TIMED_OUT, CANCELED, TERMINATED -> {
        String error = span.error() == null ? "" : span.error();
        String retries = span.retries() == 0 ? "" : " (" + retries(span.retries()) + ")";
        yield Optional.of(
            new Line(
                span.outcome().colour(), withoutRepeat(span.outcome().word(), error) + retries));
      }
      case RUNNING, RETRYING, COMPLETED, CONTINUED, UNKNOWN -> Optional.empty();
    };
  }

  /// Returns how often it was retried, and its result then.
  private static Optional<TaskView.Shown> retried(SpanTree span, TaskView.Shown held) {
    if (span.retries() == 0) {
      return Optional.empty();
    }
    String why = span.error() == null ? "" : ": " + span.error();
    String result = held.headline().text();
    String then = result.isEmpty() ? "" : ", then " + result;
    return Optional.of(
        new TaskView.Shown(
            new Line(Style.fg_yellow, retries(span.retries()) + why + then), held.lines()));
  }

  private static String retries(long count) {
    return count == 1 ? "1 retry" : count + " retries";
  }

  /// Puts the status before the error, unless the error begins with it, as servers may send
  /// `canceled: superseded` or `timed out`.
  private static String withoutRepeat(String word, String error) {
    if (error.isEmpty()) {
      return word;
    }
    return error.startsWith(word) ? error : word + ": " + error;
  }
}
