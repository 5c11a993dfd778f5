package io.galerne.bench.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// What a peer and we measured in turns, so that whatever else the machine did meanwhile met both.
/// Figures are medians of the rounds.
///
/// @param peer its name
record Turns<T>(String peer, List<T> theirs, List<T> ours) {
  /// Measures the peer, us, the peer, us, …, and tells each.
  static <T> Turns<T> take(Lab lab, int rounds, String peer, Supplier<T> theirs, Supplier<T> ours) {
    List<T> theirFigures = new ArrayList<>();
    List<T> ourFigures = new ArrayList<>();
    for (int round = 0; round < lab.count(rounds, 1); round++) {
      theirFigures.add(told(lab, peer, theirs));
      ourFigures.add(told(lab, "galerne", ours));
    }
    return new Turns<>(peer, theirFigures, ourFigures);
  }

  /// One figure of both.
  Finding finding(String work, ToDoubleFunction<T> figure, Unit unit, Target target) {
    return new Finding(
        work, peer, OptionalDouble.of(median(theirs, figure)), median(ours, figure), unit, target);
  }

  private static <T> T told(Lab lab, String who, Supplier<T> measurement) {
    lab.writeBack();
    T measured = measurement.get();
    lab.tell(who + ": " + (measured instanceof Double d ? "%,.0f".formatted(d) : measured));
    return measured;
  }

  static <T> double median(List<T> rounds, ToDoubleFunction<T> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
