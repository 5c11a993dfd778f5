package io.galerne.bench.scenario;

import java.util.Locale;
import java.util.OptionalDouble;

/// When a figure is good.
public sealed interface Target {
  /// At least so many times what it is compared with.
  record AtLeastTimes(double factor) implements Target {}

  /// At most so many times what it is compared with.
  record AtMostTimes(double factor) implements Target {}

  /// At least this, whatever others do.
  record AtLeast(double value) implements Target {}

  /// At most this, whatever others do.
  record AtMost(double value) implements Target {}

  /// Only shown.
  record None() implements Target {}

  /// Whether it is met; empty if nothing can be said.
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

  /// A ratio as text, such as `1.5 ×`.
  static String times(double ratio) {
    return String.format(Locale.ROOT, ratio < 10 ? "%.2f ×" : "%,.0f ×", ratio);
  }
}
