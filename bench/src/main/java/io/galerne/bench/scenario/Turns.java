package io.galerne.bench.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// Measurements of peers and us in turn, so that other load on the machine affects all equally.
final class Turns<T> {
  static final String OURS = "galerne";
  private static final int ROUNDS = 3;

  private final Map<String, Supplier<T>> measurements = new LinkedHashMap<>();
  private final Map<String, List<T>> measured = new LinkedHashMap<>();

  /// Adds a measurement to every round, after the earlier ones.
  Turns<T> with(String name, Supplier<T> measurement) {
    measurements.put(name, measurement);
    return this;
  }

  /// Runs all measurements one after the other, several times, and reports each.
  Turns<T> take(Lab lab) {
    measurements.keySet().forEach(name -> measured.put(name, new ArrayList<>()));
    for (int round = 0; round < lab.count(ROUNDS, 1); round++) {
      measurements.forEach((name, measurement) -> {
        lab.writeBack();
        T figure = measurement.get();
        lab.tell(name + ": " + (figure instanceof Double d ? "%,.0f".formatted(d) : figure));
        of(name).add(figure);
      });
    }
    return this;
  }

  /// Returns our figure beside the same one of a peer.
  Finding beside(String peer, String work, ToDoubleFunction<T> figure, Unit unit, Target target) {
    return compare(OURS, peer, work, figure, unit, target);
  }

  /// Returns a figure of one candidate beside the same one of another.
  Finding compare(
      String who, String other, String work, ToDoubleFunction<T> figure, Unit unit, Target target) {
    return new Finding(work, other, figures(other, figure), figures(who, figure), unit, target);
  }

  private List<Double> figures(String name, ToDoubleFunction<T> figure) {
    return of(name).stream().mapToDouble(figure).boxed().toList();
  }

  private List<T> of(String name) {
    return Objects.requireNonNull(measured.get(name), name);
  }
}
