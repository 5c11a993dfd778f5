package io.galerne.cli.demo;

import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Receives the events of stories, and lets time pass for them. Safe for use by several threads.
interface Stage {
  /// Publishes events of one execution, in order; returns when the server has stored them.
  void publish(List<ObjectNode> events);

  /// Lets time pass.
  ///
  /// @throws StoppedException if the demo is stopped
  void pause(Duration time);

  /// Ends a story early because the demo is stopped.
  final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
      super("The demo was stopped");
    }
  }
}
