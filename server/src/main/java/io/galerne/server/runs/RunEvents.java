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

/// Reads the events of a run from the log, from the first that is retained to the last.
final class RunEvents {
  private RunEvents() {}

  /// The events of one run.
  static EventFilter.Builder of(Run run) {
    return EventFilter.in(run.namespace())
        .where(Field.WORKFLOW_RUN_ID, run.runId())
        .where(Field.WORKFLOW_EXEC_ID, run.executionId());
  }

  /// Visits what matches up to a sequence. Events that expire meanwhile are left out.
  ///
  /// @param abandoned whether nobody waits for the answer any more
  /// @throws CancellationException if nobody does
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

  /// Ends what is done for an answer that nobody waits for any more.
  static void requireWanted(BooleanSupplier abandoned) {
    if (abandoned.getAsBoolean()) {
      throw new CancellationException("Nobody waits for the answer any more");
    }
  }

  /// The event of a run with that sequence; empty if it has expired.
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

  /// The event itself, as it was published.
  static Event event(EventRecord event) {
    String data =
        new String(event.bytes(), event.offset(Field.DATA), event.length(Field.DATA), UTF_8);
    return Json.of(data).as(Event.class);
  }
}
