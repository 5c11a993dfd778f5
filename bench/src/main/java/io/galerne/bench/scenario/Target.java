package io.galerne.bench.scenario;

import java.util.Locale;
import java.util.OptionalDouble;

/// The target of a figure.
public sealed interface Target {
  /// At least this many times the compared figure.
  record AtLeastTimes(double factor) implements Target {}

  /// At most this many times the compared figure.
  record AtMostTimes(double factor) implements Target {}

  /// At least this value.
  record AtLeast(double value) implements Target {}

  /// At most this value.
  record AtMost(double value) implements Target {}

  /// No target; the figure is only shown.
  record None() implements Target {}

  /// Returns whether it is met; empty if there is no target or nothing to compare.
  default String met(OptionalDouble compared, double ours) {
    return switch (this) {
      case AtLeastTimes(double factor) -> yesOrNo(ours >= factor * compared.orElseThrow());
      case AtMostTimes(double factor) -> yesOrNo(ours <= factor * compared.orElseThrow());
      case AtLeast(double value) -> yesOrNo(ours >= value);
      case AtMost(double value) -> yesOrNo(ours <= value);
      case None() -> "";
    };
  }

  default String text(Unit unit) {
    return switch (this) {
      case AtLeastTimes(double factor) -> "≥ " + times(factor);
      case AtMostTimes(double factor) -> "≤ " + times(factor);
      case AtLeast(double value) -> "≥ " + unit.text(value);
      case AtMost(double value) -> "≤ " + unit.text(value);
      case None() -> "";
    };
  }

  private static String yesOrNo(boolean met) {
    return met ? "yes" : "**no**";
  }

  /// Returns a ratio as text, such as `1.5 ×`.
  static String times(double ratio) {
    return String.format(Locale.ROOT, ratio < 10 ? "%.2f ×" : "%,.0f ×", ratio);
  }
}
