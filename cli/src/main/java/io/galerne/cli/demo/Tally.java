package io.galerne.cli.demo;

import io.galerne.protocol.Event;
import io.galerne.protocol.EventType;
import java.util.Optional;

/// Counts events, executions and their outcomes.
///
/// @param executions executions that started; one that continues as new counts once
record Tally(long events, long executions, long completed, long failed, long canceled) {
  static final Tally NOTHING = new Tally(0, 0, 0, 0, 0);

  /// Returns these counts with one more event.
  Tally with(Event event) {
    Optional<EventType> known = event.type();
    if (known.isEmpty()) {
      return plus(0, 0, 0, 0);
    }
    return switch (known.get()) {
      case WORKFLOW_EXECUTION_STARTED -> plus(event.continuedRunId().isPresent() ? 0 : 1, 0, 0, 0);
      case WORKFLOW_EXECUTION_COMPLETED -> plus(0, 1, 0, 0);
      case WORKFLOW_EXECUTION_FAILED -> plus(0, 0, 1, 0);
      case WORKFLOW_EXECUTION_CANCELED -> plus(0, 0, 0, 1);
      default -> plus(0, 0, 0, 0);
    };
  }

  private Tally plus(int started, int completions, int failures, int cancellations) {
    return new Tally(
        events + 1,
        executions + started,
        completed + completions,
        failed + failures,
        canceled + cancellations);
  }

  /// Returns the number of executions without an end.
  long running() {
    return executions - completed - failed - canceled;
  }
}
