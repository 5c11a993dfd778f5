package io.galerne.cli.events;

import io.galerne.cli.Plural;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Shows the number of finished events on one line of a terminal, which it overwrites. Safe for use
/// by several threads.
final class Progress {
  private static final Duration BETWEEN = Duration.ofMillis(200);

  private final PrintWriter err;
  private final boolean shown;
  private final LongSupplier nanoTime;
  private long lastShown;
  private int width;

  /// @param shown whether standard error is a terminal
  Progress(PrintWriter err, boolean shown, LongSupplier nanoTime) {
    this.err = err;
    this.shown = shown;
    this.nanoTime = nanoTime;
    this.lastShown = nanoTime.getAsLong();
  }

  /// Shows the number of finished events.
  synchronized void at(long events) {
    long now = nanoTime.getAsLong();
    if (shown && now - lastShown >= BETWEEN.toNanos()) {
      lastShown = now;
      write(Plural.of(events, "event"));
    }
  }

  /// Prints a line that stays.
  synchronized void say(String line) {
    if (width > 0) {
      write("");
      err.print('\r');
      width = 0;
    }
    err.println(line);
    err.flush();
  }

  private void write(String text) {
    err.print('\r' + text + " ".repeat(Math.max(0, width - text.length())));
    err.flush();
    width = text.length();
  }
}
