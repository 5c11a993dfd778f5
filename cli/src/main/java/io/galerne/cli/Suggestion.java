package io.galerne.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Suggests known words for a typing error.
final class Suggestion {
  private Suggestion() {}

  /// Returns the known word with the smallest edit distance; empty if even that has little in
  /// common.
  static Optional<String> of(String typed, Collection<String> known) {
    return known.stream()
        .filter(word -> changes(typed, word) <= Math.max(1, word.length() / 3))
        .min(Comparator.comparingInt((String word) -> changes(typed, word)).thenComparing(w -> w));
  }

  /// Returns the edit distance: the number of letters to add, remove or replace.
  private static int changes(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
