package io.galerne.cli.demo;

import io.galerne.cli.Terminal;
import io.galerne.cli.print.Colour;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/// Prints the introduction and the result of the demo.
final class Summary {
  private final PrintWriter out;
  private final Terminal terminal;
  private final long startNanos = System.nanoTime();

  Summary(PrintWriter out, Terminal terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  void opening(URI server, int workflows, boolean forever) {
    out.println(
        "A server runs at "
            + server
            + ", "
            + workflows
            + " workflows publish to it"
            + (forever ? " until Ctrl-C" : "")
            + ", and this is what its stream says:");
    out.println("Open " + server + "/ in a browser to watch the runs.");
    out.println();
    out.flush();
  }

  void closing(Ledger.Balance balance) {
    Tally seen = balance.seen();
    out.println();
    out.println(
        "%d executions: %s, %s, %s%s"
            .formatted(
                seen.executions(),
                painted(Colour.GREEN, seen.completed() + " completed"),
                painted(Colour.RED, seen.failed() + " failed"),
                painted(Colour.MAGENTA, seen.canceled() + " canceled"),
                seen.running() == 0 ? "" : ", " + seen.running() + " still running"));
    Duration time = Duration.ofNanos(System.nanoTime() - startNanos);
    out.println(
        String.format(
            Locale.ROOT,
            "%d events published, %d seen, sequences %d to %d, in %.1f s",
            balance.published().events(),
            seen.events(),
            balance.firstSequence(),
            balance.lastSequence(),
            time.toMillis() / 1000.0));
    if (balance.agrees()) {
      out.println("Every event arrived, once and in order.");
    } else {
      out.println(painted(Colour.RED, "What was published is not what arrived:"));
      balance.faults().forEach(fault -> out.println("  " + fault));
    }
    out.flush();
  }

  private String painted(Colour colour, String text) {
    return terminal.colour() ? colour.paint(text) : text;
  }
}
