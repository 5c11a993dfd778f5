package io.galerne.cli.print;

import io.galerne.cli.Terminal;
import io.galerne.protocol.Event;
import io.galerne.protocol.StreamEvent;
import io.galerne.protocol.TaskState;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi.Style;

/// Prints each event as one line: its time, sequence and execution, what happened, to what, and the
/// new value. A line with the date precedes the first event of each day; the first such line also
/// names the time zone.
///
/// Ids are never shortened. The column of executions grows with the longest id; if too few columns
/// are left beside it, the rest of the event follows on a line of its own. Only descriptions and
/// values are cut to the terminal's width. The wide form cuts nothing and also shows the ids of run
/// and event. Used by one thread.
public final class EventPrinter {
  private static final String GAP = "  ";

  /// Narrower terminals omit the milliseconds, to have room for values.
  private static final int NARROW = 100;

  /// The smallest useful width of a description.
  private static final int LEAST_ROOM = 24;

  private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  private final PrintWriter out;
  private final Terminal terminal;
  private final ZoneId zone;
  private final boolean wide;
  private final DateTimeFormatter clock;
  private final int timeWidth;
  private final Columns columns;
  private final Changes changes;
  private final RunTree tree = new RunTree();

  // Widths grow with the printed events.
  private int sequenceWidth = 5;
  private int executionWidth = 18;
  private int runWidth = 3;
  private int eventWidth = 5;

  private boolean headingDue;
  private @Nullable Day day;

  /// A date and its offset, on which times of day depend.
  private record Day(LocalDate date, ZoneOffset offset) {}

  /// A part of a line.
  ///
  /// @param width the number of columns of the text, without its colours
  private record Cell(String text, int width) {}

  /// @param zone the time zone of all times
  /// @param wide whether to show whole values and the ids of run and event
  public EventPrinter(PrintWriter out, Terminal terminal, ZoneId zone, boolean wide) {
    this.out = out;
    this.terminal = terminal;
    this.zone = zone;
    this.wide = wide;
    this.clock = wide || terminal.columns() >= NARROW ? MILLIS : SECONDS;
    this.timeWidth = clock == MILLIS ? "12:00:00.000".length() : "12:00:00".length();
    this.columns = new Columns(terminal.unicode());
    this.changes = new Changes(new Values(terminal.unicode()));
  }

  /// Prints a heading before the first event.
  public EventPrinter withHeading() {
    headingDue = true;
    return this;
  }

  public void print(StreamEvent event) {
    print(event.data(), OptionalLong.of(event.brokerSequence()));
  }

  /// Prints an event that may have no sequence, as in a list.
  public void print(Event event, OptionalLong sequence) {
    ZonedDateTime time = event.eventTimestamp().atZone(zone);
    String number = sequence.isPresent() ? Long.toString(sequence.getAsLong()) : "-";
    sequenceWidth = Math.max(sequenceWidth, number.length());
    Verb verb = event.type().map(Verb::of).orElse(Verb.OTHER);
    String label = verb.label(terminal.unicode());
    int indent = timeWidth + GAP.length() + sequenceWidth + GAP.length();
    int width = wide ? Integer.MAX_VALUE : terminal.columns() - indent;
    int afterExecution = GAP.length() + label.length() + GAP.length();
    Cell execution = execution(event, width - afterExecution - LEAST_ROOM);
    int room = width - execution.width - afterExecution;
    String ids = wide ? ids(event) : "";
    printHeading();
    printDay(time);
    String line =
        terminal.paint(Style.faint, clock.format(time))
            + GAP
            + " ".repeat(sequenceWidth - number.length())
            + number
            + GAP
            + execution.text
            + terminal.paint(Style.faint, ids)
            + GAP
            + terminal.paint(verb.colour(), room < LEAST_ROOM ? label.stripTrailing() : label);
    Change change = changes.of(event);
    if (room < LEAST_ROOM) {
      out.println(line);
      line = " ".repeat(indent);
      room = Math.max(LEAST_ROOM, width);
    } else {
      line += GAP;
    }
    out.println((line + change(verb, change, room)).stripTrailing());
    out.flush();
  }

  /// Prints the whole value of a task, whatever its length.
  public void print(TaskState state) {
    String stale = state.staleReason().map(reason -> "not the latest value: " + reason).orElse("");
    String value =
        state
            .value()
            .map(json -> columns.head(json.text(), Integer.MAX_VALUE))
            .orElse(stale.isEmpty() ? "nothing" : "not known");
    out.println(
        terminal.paint(Style.faint, " ".repeat(timeWidth) + " = ")
            + value
            + (stale.isEmpty()
                ? ""
                : GAP + terminal.paint(Style.fg_yellow, columns.head(stale, 200))));
    out.flush();
  }

  private void printHeading() {
    if (headingDue) {
      headingDue = false;
      String heading =
          Columns.padded("TIME", timeWidth)
              + GAP
              + " ".repeat(sequenceWidth - 3)
              + "SEQ"
              + GAP
              + Columns.padded("EXECUTION", executionWidth)
              + (wide
                  ? GAP
                      + Columns.padded("RUN", runWidth)
                      + GAP
                      + Columns.padded("EVENT", eventWidth)
                  : "")
              + GAP
              + "WHAT";
      out.println(terminal.paint(Style.bold, heading));
    }
  }

  private void printDay(ZonedDateTime time) {
    Day next = new Day(time.toLocalDate(), time.getOffset());
    if (next.equals(day)) {
      return;
    }
    boolean explains = day == null || !day.offset.equals(next.offset);
    day = next;
    String rule = terminal.unicode() ? "── " : "-- ";
    out.println(
        terminal.paint(
            Style.faint, rule + next.date + (explains ? ", times in " + zone(next) : "")));
  }

  /// Returns the zone's name and offset, such as `Europe/Paris (UTC+02:00)`.
  private String zone(Day day) {
    String utc = "UTC" + (day.offset.equals(ZoneOffset.UTC) ? "" : day.offset.getId());
    boolean named = !(zone.normalized() instanceof ZoneOffset);
    return named ? zone.getId() + " (" + utc + ")" : utc;
  }

  /// Returns the execution's id, indented below its parent if it has one.
  ///
  /// @param most the largest width of the column; a longer id exceeds it
  private Cell execution(Event event, int most) {
    int depth = tree.depth(event);
    String branch = depth == 0 ? "" : GAP.repeat(depth - 1) + (terminal.unicode() ? "└ " : "` ");
    String id = columns.id(event.workflowExecId());
    int width = Columns.width(branch) + Columns.width(id);
    if (width <= most) {
      executionWidth = Math.max(executionWidth, width);
    }
    String text =
        terminal.paint(Style.faint, branch)
            + (depth == 0 ? terminal.paint(Style.bold, id) : id)
            + " ".repeat(Math.max(0, executionWidth - width));
    return new Cell(text, Math.max(executionWidth, width));
  }

  private String ids(Event event) {
    String run = columns.id(event.workflowRunId());
    String id = columns.id(event.eventId());
    runWidth = Math.max(runWidth, Columns.width(run));
    eventWidth = Math.max(eventWidth, Columns.width(id));
    return GAP + Columns.padded(run, runWidth) + GAP + Columns.padded(id, eventWidth);
  }

  private String change(Verb verb, Change change, int room) {
    String subject = columns.head(change.subject(), room);
    int left = room - Columns.width(subject) - GAP.length();
    String detail =
        change.grows() ? columns.tail(change.detail(), left) : columns.head(change.detail(), left);
    String shown = verb == Verb.PROGRESS ? terminal.paint(Style.faint, subject) : subject;
    return detail.isEmpty() ? shown : shown + GAP + detail;
  }
}
