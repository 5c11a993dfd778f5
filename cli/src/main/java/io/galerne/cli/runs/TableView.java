package io.galerne.cli.runs;

import io.galerne.client.Mistral;
import io.galerne.client.runs.Run;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Refreshes a table in place. Rows that do not fit the window are left out, and long rows are cut
/// at its edge, so that the cursor can return to the top.
final class TableView implements RunWatch.View {
  private static final String ESCAPE = "\u001b[";
  private static final String NO_WRAP = ESCAPE + "?7l";
  private static final String WRAP = ESCAPE + "?7h";
  private static final String CLEAR_LINE = ESCAPE + "K";
  private static final String CLEAR_BELOW = ESCAPE + "J";

  /// Waits are requested once per this many refreshes, because they take a request for each run,
  /// and whenever other runs are under way.
  private static final int LOOKS_PER_WAITS = 5;

  private final Mistral mistral;
  private final RunTable table;
  private final PrintWriter out;
  private final WindowHeight height;
  private int lines;
  private int looks;
  private Set<String> underWay = Set.of();
  private Waits waits = Waits.NONE;

  TableView(Mistral mistral, RunTable table, PrintWriter out) {
    this.mistral = mistral;
    this.table = table;
    this.out = out;
    this.height = new WindowHeight();
  }

  @Override
  public void lost(String why) {
    out.print("\r" + why + CLEAR_LINE + "\n");
    out.flush();
    lines++;
  }

  @Override
  public boolean show(List<Run> runs) {
    int room = Math.max(2, height.lines() - 1);
    List<Run> seen = runs.subList(0, Math.min(runs.size(), room));
    Set<String> nowUnderWay = Waits.underWay(seen);
    if (looks++ % LOOKS_PER_WAITS == 0 || !nowUnderWay.equals(underWay)) {
      waits = Waits.of(mistral, seen);
      underWay = nowUnderWay;
    }
    List<String> rows = new ArrayList<>(table.rows(seen, waits, Instant.now()));
    if (rows.isEmpty()) {
      rows.add("There are no matching runs now.");
    }
    rows.add(0, table.heading());
    List<String> shown = rows.subList(0, Math.min(rows.size(), room));
    StringBuilder frame = new StringBuilder(NO_WRAP);
    if (lines > 0) {
      frame.append(ESCAPE).append(lines).append('A');
    }
    frame.append('\r');
    shown.forEach(row -> frame.append(row).append(CLEAR_LINE).append('\n'));
    frame.append(CLEAR_BELOW).append(WRAP);
    lines = shown.size();
    out.print(frame);
    return !out.checkError(); // which flushes
  }
}
