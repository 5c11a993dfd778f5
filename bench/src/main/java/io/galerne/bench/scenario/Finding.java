package io.galerne.bench.scenario;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/// One row of the table: our figure, the one to compare with, and the target. Each round has a
/// figure; all are shown, and the target applies to their median.
///
/// @param work the measured work
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

  /// Returns a figure beside another.
  static Finding beside(
      String work, String comparedWith, double compared, double ours, Unit unit, Target target) {
    return new Finding(work, comparedWith, List.of(compared), List.of(ours), unit, target);
  }

  /// Returns figures without a comparison.
  static Finding alone(String work, List<Double> ours, Unit unit, Target target) {
    return new Finding(work, "", List.of(), ours, unit, target);
  }

  /// Returns a figure without a comparison.
  static Finding alone(String work, double ours, Unit unit, Target target) {
    return alone(work, List.of(ours), unit, target);
  }

  /// Returns the cells of the table after the id.
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
