package io.galerne.cli;

/// Counts things in words.
public final class Plural {
  private Plural() {}

  /// Returns a number and its noun, such as `1 event` or `2 events`.
  ///
  /// @param noun in the singular; its plural ends in `s`
  public static String of(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
