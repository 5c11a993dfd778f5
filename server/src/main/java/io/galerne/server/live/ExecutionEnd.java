package io.galerne.server.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import java.util.LinkedHashSet;

/// Tracks whether an execution is over (contract, section 4): its newest run has its terminal
/// event. The newest run is the one whose first event comes last, regardless of late events of
/// others. Takes the execution's events in the order of the log; seeing some again has no effect.
/// For one stream, by one thread at a time.
public final class ExecutionEnd {
  /// No event arrives later than this many runs.
  private static final int MOST_RUNS = 64;

  private static final byte[] NONE = {};

  /// The latest runs, in the order of their first events.
  private final LinkedHashSet<String> runs = new LinkedHashSet<>();

  private byte[] newest = NONE;
  private boolean over;
  private long lastSequence;

  /// Takes the next event of the execution into account.
  public void see(long sequence, EventRecord event) {
    lastSequence = Math.max(lastSequence, sequence);
    if (runs.isEmpty() || !event.is(Field.WORKFLOW_RUN_ID, newest)) {
      String run = requireNonNull(event.text(Field.WORKFLOW_RUN_ID));
      if (!runs.add(run)) {
        return; // a late event of an earlier run
      }
      if (runs.size() > MOST_RUNS) {
        runs.removeFirst();
      }
      newest = run.getBytes(UTF_8);
      over = false;
    }
    over |= event.type().endsExecution();
  }

  /// Whether the newest run has ended.
  public boolean isOver() {
    return over;
  }

  /// The sequence of the last event seen; 0 if none.
  public long lastSequence() {
    return lastSequence;
  }
}
