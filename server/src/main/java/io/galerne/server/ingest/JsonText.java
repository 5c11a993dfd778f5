package io.galerne.server.ingest;

import tools.jackson.core.io.JsonStringEncoder;

/// Writes JSON as text, without a tree.
public final class JsonText {
  private JsonText() {}

  /// The text as a JSON string, with its quotes.
  public static String quote(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, quoted);
    return quoted.append('"').toString();
  }
}
