package io.galerne.bench.scenario;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/// One row of the table: a figure of ours, what it is compared with, and the target. Each turn has a
/// figure; all are shown, and the target is for their median.
///
/// @param work what was measured
/// @param comparedWith name of the peer, or of another figure of ours; empty if there is none
/// @param compared its figures, in `unit`; empty if there is none
/// @param ours in `unit`
public record Finding(
    String work,
    String comparedWith,
    List<Double> compared,
    List<Double> ours,
    Unit unit,
    Target target) {

  /// A figure beside another.
  static Finding beside(
      String work, String comparedWith, double compared, double ours, Unit unit, Target target) {
    return new Finding(work, comparedWith, List.of(compared), List.of(ours), unit, target);
  }

  /// Figures that stand alone.
  static Finding alone(String work, List<Double> ours, Unit unit, Target target) {
    return new Finding(work, "", List.of(), ours, unit, target);
  }

  /// A figure that stands alone.
  static Finding alone(String work, double ours, Unit unit, Target target) {
    return alone(work, List.of(ours), unit, target);
  }

  /// As cells of the table, after the id.
  public String cells() {
    OptionalDouble theirs = median(compared);
    double mine = median(ours).orElseThrow();
    return String.join(
        " | ",
        work,
        compared.isEmpty() ? "–" : comparedWith + ": " + text(compared),
        text(ours),
        theirs.isPresent() ? Target.times(mine / theirs.getAsDouble()) : "–",
        target.text(unit),
        target.met(theirs, mine));
  }

  private String text(List<Double> figures) {
    return figures.stream().map(unit::text).collect(Collectors.joining("; "));
  }

  private static OptionalDouble median(List<Double> figures) {
    double[] sorted = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(sorted[sorted.length / 2]);
  }
}
