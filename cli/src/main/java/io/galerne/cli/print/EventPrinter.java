package io.galerne.cli.print;

import io.galerne.cli.Terminal;
import io.galerne.protocol.Event;
import io.galerne.protocol.StreamEvent;
import io.galerne.protocol.TaskState;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/// Prints each event as one line: when, which sequence, which execution, what happened, to what,
/// and what is new. The columns stay where they are, and no line is wider than the terminal. Used
/// by one thread.
public final class EventPrinter {
  private static final String GAP = "  ";
  private static final int MOST_RUN_WIDTH = 26;

  /// Terminals below this give up the hour, to have room for what is new.
  private static final int NARROW = 100;

  private final PrintWriter out;
  private final Terminal terminal;
  private final String timePattern;
  private final DateTimeFormatter clock;
  private final Columns columns;
  private final int runWidth;
  private final Changes changes;
  private final RunTree tree = new RunTree();

  private EventPrinter(PrintWriter out, Terminal terminal, ZoneId zone, String timePattern) {
    this.out = out;
    this.terminal = terminal;
    this.timePattern = timePattern;
    this.clock = DateTimeFormatter.ofPattern(timePattern).withZone(zone);
    this.columns = new Columns(terminal.unicode());
    this.runWidth = Math.min(terminal.columns() / 5 + 2, MOST_RUN_WIDTH);
    this.changes = new Changes(new Values(terminal.unicode()));
  }

  /// A printer of what a stream brings.
  public static EventPrinter ofStream(PrintWriter out, Terminal terminal, ZoneId zone) {
    return new EventPrinter(
        out, terminal, zone, terminal.columns() < NARROW ? "mm:ss.SSS" : "HH:mm:ss.SSS");
  }

  /// A printer of what is stored, which may be of any day.
  public static EventPrinter ofList(PrintWriter out, Terminal terminal, ZoneId zone) {
    return new EventPrinter(
        out,
        terminal,
        zone,
        terminal.columns() < NARROW ? "MM-dd HH:mm:ss" : "yyyy-MM-dd HH:mm:ss");
  }

  /// Names the columns of a list.
  public void printHeading() {
    String time = columns.padded("TIME", timePattern.length());
    String execution = columns.padded("EXECUTION", runWidth);
    out.println(painted(Colour.BOLD, time + GAP + execution + GAP + "WHAT"));
  }

  public void print(StreamEvent event) {
    print(event.data(), " %5d".formatted(event.brokerSequence()));
  }

  /// Prints an event of which the sequence is not known.
  public void print(Event event) {
    print(event, "");
  }

  private void print(Event event, String sequence) {
    Verb verb = event.type().map(Verb::of).orElse(Verb.OTHER);
    String time = clock.format(event.eventTimestamp());
    String label = verb.label(terminal.unicode());
    int before = time.length() + sequence.length() + runWidth + label.length() + 3 * GAP.length();
    out.println(
        painted(Colour.GREY, time)
            + sequence
            + GAP
            + run(tree.place(event))
            + GAP
            + painted(verb.colour(), label)
            + GAP
            + change(verb, changes.of(event), terminal.columns() - before));
    out.flush();
  }

  /// Prints all that a task holds, however long that is.
  public void print(TaskState state) {
    String stale = state.staleReason().map(reason -> "not the latest value: " + reason).orElse("");
    String value =
        state
            .value()
            .map(json -> columns.head(json.text(), Integer.MAX_VALUE))
            .orElse(stale.isEmpty() ? "nothing" : "not known");
    out.println(
        painted(Colour.GREY, " ".repeat(timePattern.length()) + " = ")
            + value
            + (stale.isEmpty() ? "" : GAP + painted(Colour.YELLOW, columns.head(stale, 200))));
    out.flush();
  }

  /// The execution, `document-review 7f3a`, below its parent where it has one.
  private String run(RunTree.Place place) {
    String branch = place.depth() == 0 ? "" : GAP.repeat(place.depth() - 1) + branch();
    String shownBranch = columns.head(branch, runWidth / 2);
    String id = columns.head(place.shortId(), runWidth / 2);
    int room = runWidth - shownBranch.length() - 1 - Columns.width(id);
    String name = columns.head(place.name(), room);
    int rest = room - Columns.width(name);
    return painted(Colour.GREY, shownBranch)
        + (place.depth() == 0 ? painted(Colour.BOLD, name) : name)
        + " "
        + painted(Colour.GREY, id)
        + " ".repeat(rest);
  }

  private String branch() {
    return terminal.unicode() ? "└ " : "` ";
  }

  private String change(Verb verb, Change change, int room) {
    String subject = columns.head(change.subject(), room);
    int left = room - Columns.width(subject) - GAP.length();
    String detail =
        change.grows() ? columns.tail(change.detail(), left) : columns.head(change.detail(), left);
    String shown = verb == Verb.PROGRESS ? painted(Colour.GREY, subject) : subject;
    return detail.isEmpty() ? shown : shown + GAP + detail;
  }

  private String painted(Colour colour, String text) {
    return terminal.colour() && !text.isEmpty() ? colour.paint(text) : text;
  }
}
