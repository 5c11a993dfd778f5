package io.galerne.cli.runs;

import io.galerne.cli.print.Columns;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// Prints spans as bars over time, which fill the width of the terminal.
final class TimelinePrinter {
  private static final String GAP = "  ";
  private static final int LEAST_BARS = 20;

  /// Names take at most this fraction of the width: one third.
  private static final int NAMES_PART = 3;

  private final Pen pen;
  private final PrintWriter out;
  private final Instant now;

  private record Row(SpanTree span, int depth) {}

  TimelinePrinter(Pen pen, PrintWriter out, Instant now) {
    this.pen = pen;
    this.out = out;
    this.now = now;
  }

  void print(SpanTree root) {
    List<Row> rows = rows(root, 0).toList();
    Instant from =
        rows.stream().map(row -> row.span.span().startTime()).min(Instant::compareTo).orElse(now);
    Instant to = rows.stream().map(row -> end(row.span)).max(Instant::compareTo).orElse(now);
    long total = Math.max(1, Duration.between(from, to).toNanos());
    int columns = pen.terminal().columns();
    int tookWidth = rows.stream().mapToInt(row -> took(row.span).length()).max().orElse(0);
    int nameWidth =
        Math.min(
            rows.stream().mapToInt(row -> Columns.width(name(row))).max().orElse(0),
            columns / NAMES_PART);
    int bars = Math.max(LEAST_BARS, columns - nameWidth - tookWidth - 2 - 2 * GAP.length());
    for (Row row : rows) {
      String name = pen.head(name(row), nameWidth);
      String took = took(row.span);
      out.println(
          pen.sign(row.span.outcome())
              + " "
              + Columns.padded(name, nameWidth)
              + GAP
              + bar(row.span, from, total, bars)
              + GAP
              + " ".repeat(tookWidth - took.length())
              + took);
    }
  }

  private static Stream<Row> rows(SpanTree span, int depth) {
    return Stream.concat(
        Stream.of(new Row(span, depth)),
        span.children().stream().flatMap(child -> rows(child, depth + 1)));
  }

  private static String name(Row row) {
    return " ".repeat(row.depth) + row.span.span().name();
  }

  private String took(SpanTree span) {
    return Words.of(span.took(now));
  }

  private Instant end(SpanTree span) {
    return span.span().endTime().orElse(now);
  }

  /// Returns a bar of at least one column, from the span's start to its end.
  private String bar(SpanTree span, Instant from, long total, int bars) {
    long start = Duration.between(from, span.span().startTime()).toNanos();
    long end = Math.max(start, Duration.between(from, end(span)).toNanos());
    int first = (int) Math.min(bars - 1, (double) start * bars / total);
    int last = (int) Math.min(bars, Math.ceil((double) end * bars / total));
    int length = Math.max(1, last - first);
    boolean unicode = pen.terminal().unicode();
    String mark = span.outcome().isUnderWay() ? (unicode ? "▒" : ":") : unicode ? "█" : "#";
    return " ".repeat(first)
        + pen.paint(span.outcome().colour(), mark.repeat(length))
        + " ".repeat(bars - first - length);
  }
}
