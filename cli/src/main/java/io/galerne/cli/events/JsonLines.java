package io.galerne.cli.events;

import io.galerne.protocol.Json;
import java.io.PrintWriter;

/// Prints JSON for programs, one value per line.
public final class JsonLines {
  private final PrintWriter out;
  private final boolean unicode;

  /// @param unicode whether `out` takes more than ASCII; if not, other characters are escaped
  public JsonLines(PrintWriter out, boolean unicode) {
    this.out = out;
    this.unicode = unicode;
  }

  /// Prints a value.
  ///
  /// @return whether the output still has a reader
  public boolean print(Json json) {
    String line = line(json);
    out.print(unicode ? line : escaped(line));
    out.print('\n');
    return !out.checkError(); // which flushes
  }

  /// Returns the value on one line: JSON has line breaks only between tokens.
  static String line(Json json) {
    String text = json.text();
    return text.indexOf('\n') < 0 && text.indexOf('\r') < 0
        ? text
        : text.replace('\n', ' ').replace('\r', ' ');
  }

  private static String escaped(String line) {
    StringBuilder ascii = new StringBuilder(line.length());
    line.chars()
        .forEach(c -> {
          if (c < 127) {
            ascii.append((char) c);
          } else {
            ascii.append("\\u%04x".formatted(c));
          }
        });
    return ascii.toString();
  }
}
