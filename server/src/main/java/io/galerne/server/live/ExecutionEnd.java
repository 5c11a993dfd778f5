package io.galerne.server.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import java.util.LinkedHashSet;

/// Whether an execution is over, as its events tell (contract, section 4): its newest run has its
/// terminal event. The newest run is the one whose first event comes last, whatever arrives late of
/// others. Is shown the execution's events in the order of the log; seeing some of them again changes
/// nothing. For one stream, by one thread at a time.
public final class ExecutionEnd {
  /// Events do not come as late as this many runs.
  private static final int MOST_RUNS = 64;

  private static final byte[] NONE = {};

  /// The runs that were seen lately, in the order of their first events.
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
        return; // late, of a run that another has followed
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

  /// The sequence of the last event that was seen; 0 if none was.
  public long lastSequence() {
    return lastSequence;
  }
}
