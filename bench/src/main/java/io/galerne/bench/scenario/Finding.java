package io.galerne.bench.scenario;

import java.util.OptionalDouble;

/// One row of the table: a figure of ours, what it is compared with, and the target.
///
/// @param work what was measured
/// @param comparedWith name of the peer, or of another figure of ours; empty where there is none
/// @param compared its figure, in `unit`
/// @param ours in `unit`
public record Finding(
    String work,
    String comparedWith,
    OptionalDouble compared,
    double ours,
    Unit unit,
    Target target) {

  /// A figure beside another.
  static Finding beside(
      String work, String comparedWith, double compared, double ours, Unit unit, Target target) {
    return new Finding(work, comparedWith, OptionalDouble.of(compared), ours, unit, target);
  }

  /// A figure that stands alone.
  static Finding alone(String work, double ours, Unit unit, Target target) {
    return new Finding(work, "", OptionalDouble.empty(), ours, unit, target);
  }

  /// As cells of the table, after the id.
  public String cells() {
    String theirs =
        compared.isPresent() ? comparedWith + " " + unit.text(compared.getAsDouble()) : "–";
    String ratio = compared.isPresent() ? Target.times(ours / compared.getAsDouble()) : "–";
    return String.join(
        " | ", work, theirs, unit.text(ours), ratio, target.text(unit), target.met(compared, ours));
  }
}
