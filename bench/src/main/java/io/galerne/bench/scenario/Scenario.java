package io.galerne.bench.scenario;

import java.util.List;

/// A measurement: the same work for a peer and for us, one after the other, in one run.
public interface Scenario {
  /// Returns its id among the targets, such as `p1`.
  String id();

  /// Returns the work in a few words, for the help text.
  String work();

  /// Measures. Blocks for up to a few minutes; everything that it started has ended when it
  /// returns.
  ///
  /// @throws RuntimeException if it cannot be measured; the message says why
  List<Finding> run(Lab lab);
}
