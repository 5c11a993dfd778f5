package io.galerne.cli.runs;

import io.galerne.cli.Terminal;
import io.galerne.cli.print.Columns;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi.Style;

/// Formats text for a terminal: colours, columns and local time.
///
/// @param zone of all times
record Pen(Terminal terminal, ZoneId zone) {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  /// The width of a time.
  static final int TIME_WIDTH = "2026-03-30 10:00:00".length();

  String paint(Style colour, String text) {
    return terminal.paint(colour, text);
  }

  /// An untrusted text, and the colour to show it in.
  ///
  /// @param colour null for none
  record Line(@Nullable Style colour, String text) {
    static final Line EMPTY = new Line(null, "");
  }

  /// Returns the line in at most `width` columns.
  String show(Line line, int width) {
    String text = head(line.text, width);
    return line.colour == null ? text : paint(line.colour, text);
  }

  /// Returns a sign and its word, in their colour.
  String outcome(Outcome outcome) {
    return paint(outcome.colour(), outcome.sign(terminal.unicode()) + " " + outcome.word());
  }

  String sign(Outcome outcome) {
    return paint(outcome.colour(), outcome.sign(terminal.unicode()));
  }

  /// Returns an id in full, so that it can be pasted.
  String id(String id) {
    return columns().id(id);
  }

  /// Returns the text on one line, in at most `width` columns.
  String head(String text, int width) {
    return columns().head(text, width);
  }

  String time(Instant moment) {
    return TIME.format(moment.atZone(zone));
  }

  /// Wraps the text into lines of at most `width` columns, at spaces if there are any.
  List<Line> wrapped(@Nullable Style colour, String text, int width) {
    return wrapped(text, width).stream().map(line -> new Line(colour, line)).toList();
  }

  private List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    for (String paragraph : text.strip().split("\\R", -1)) {
      String rest = columns().head(paragraph, Integer.MAX_VALUE);
      while (Columns.width(rest) > width) {
        int end = end(rest, width);
        lines.add(rest.substring(0, end).stripTrailing());
        rest = rest.substring(end).stripLeading();
      }
      lines.add(rest);
    }
    return lines;
  }

  /// Returns where to break a line that is too wide.
  private static int end(String text, int width) {
    String fits = Columns.start(text, width);
    int space = fits.lastIndexOf(' ');
    return space > 0 ? space : Math.max(fits.length(), Character.charCount(text.codePointAt(0)));
  }

  private Columns columns() {
    return new Columns(terminal.unicode());
  }
}
