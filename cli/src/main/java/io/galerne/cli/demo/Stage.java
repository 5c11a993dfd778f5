package io.galerne.cli.demo;

import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Where stories play: takes what happens and lets time pass. Safe for use by several threads.
interface Stage {
  /// Publishes events of one execution, in order; returns once the server has them.
  void publish(List<ObjectNode> events);

  /// Lets time pass.
  ///
  /// @throws StoppedException where the demo is told to end
  void pause(Duration time);

  /// Unwinds a story that is not to be played to its end.
  final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
      super("The demo is told to end");
    }
  }
}
