package io.galerne.server.runs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.protocol.Event;
import io.galerne.protocol.Json;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor;
import io.galerne.server.log.EventVisitor.Verdict;
import io.galerne.server.log.Field;
import io.galerne.server.log.runs.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/// Reads the retained events of a run from the log.
final class RunEvents {
  private RunEvents() {}

  /// A filter for the events of one run.
  static EventFilter.Builder of(Run run) {
    return EventFilter.in(run.namespace())
        .where(Field.WORKFLOW_RUN_ID, run.runId())
        .where(Field.WORKFLOW_EXEC_ID, run.executionId());
  }

  /// Visits matching events up to a sequence, inclusive. Skips events that expire meanwhile.
  ///
  /// @param abandoned whether the caller no longer waits for the answer
  /// @throws CancellationException if the caller no longer waits
  static void visit(
      EventLog log,
      EventFilter filter,
      long from,
      long to,
      BooleanSupplier abandoned,
      EventVisitor visitor) {
    boolean[] ended = {false};
    long next = Math.max(from, log.range().oldest());
    while (next <= to && !ended[0]) {
      requireWanted(abandoned);
      next =
          log.readRetained(
              filter,
              next,
              (sequence, event) -> {
                requireWanted(abandoned);
                Verdict verdict = sequence > to ? Verdict.REFUSED : visitor.visit(sequence, event);
                ended[0] = verdict != Verdict.TAKEN;
                return verdict;
              });
    }
  }

  /// Aborts work on an answer that the caller no longer waits for.
  static void requireWanted(BooleanSupplier abandoned) {
    if (abandoned.getAsBoolean()) {
      throw new CancellationException("The caller no longer waits for the answer");
    }
  }

  /// The event of a run with this sequence; empty if it has expired.
  static Optional<Event> at(EventLog log, Run run, long sequence) {
    List<Event> found = new ArrayList<>();
    visit(
        log,
        of(run).build(),
        sequence,
        sequence,
        () -> false,
        (_, event) -> {
          found.add(event(event));
          return Verdict.LAST;
        });
    return found.stream().findFirst();
  }

  /// The published event.
  static Event event(EventRecord event) {
    String data =
        new String(event.bytes(), event.offset(Field.DATA), event.length(Field.DATA), UTF_8);
    return Json.of(data).as(Event.class);
  }
}
