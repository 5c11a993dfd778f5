package io.galerne.bench.scenario;

import java.util.List;

/// One thing that is measured: the same work for a peer and for us, one after the other, in one run.
public interface Scenario {
  /// Its id among the targets, such as `p1`.
  String id();

  /// The work in a few words, for the help text.
  String work();

  /// Measures. Blocks for up to some minutes; everything it starts has ended when it returns.
  ///
  /// @throws RuntimeException if it cannot be measured; the message says why
  List<Finding> run(Lab lab);
}
