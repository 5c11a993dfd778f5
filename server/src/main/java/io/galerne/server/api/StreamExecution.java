package io.galerne.server.api;

import io.galerne.protocol.EventType;
import io.galerne.server.http.Operation;
import io.galerne.server.http.Reply;
import io.galerne.server.http.Request;
import io.galerne.server.live.ExecutionEnd;
import io.galerne.server.live.Snapshot;
import io.galerne.server.live.StreamRequest;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventVisitor.Verdict;
import io.galerne.server.log.Field;
import io.galerne.server.log.LogRange;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `GET /v1/workflows/executions/{execution_id}/stream`: one execution with all its runs, until it
/// is over (contract, section 4).
final class StreamExecution implements Operation {
  /// The events that decide whether an execution is running.
  private static final Set<EventType> LIFECYCLE =
      EnumSet.of(
          EventType.WORKFLOW_EXECUTION_STARTED,
          EventType.WORKFLOW_EXECUTION_COMPLETED,
          EventType.WORKFLOW_EXECUTION_FAILED,
          EventType.WORKFLOW_EXECUTION_CANCELED,
          EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW);

  /// Where the events come from.
  private enum Source {
    DATABASE,
    LIVE,
    HYBRID
  }

  /// The path segment with the execution's id.
  private static final int EXECUTION = 4;

  private static final List<String> SOURCES = Stream.of(Source.values()).map(Enum::name).toList();

  private final EventLog log;
  private final Executor workers;
  private final Snapshots snapshots;

  StreamExecution(EventLog log, Executor workers) {
    this.log = log;
    this.workers = workers;
    this.snapshots = new Snapshots(log);
  }

  @Override
  public CompletionStage<Reply> answer(Request request) {
    Query query = new Query(request.target());
    Source source =
        query.choice("event_source", SOURCES).map(Source::valueOf).orElse(Source.HYBRID);
    OptionalLong last = LastEventId.of(request, query);
    boolean snapshot = query.flag("snapshot", false);
    query.requireValid();

    CompletionStage<LogRange> at = log.rangeAt(last.orElse(0));
    return snapshot
        ? at.thenApplyAsync(range -> withSnapshot(request, source, last, range), workers)
        : at.thenCompose(range -> answer(request, source, last, range));
  }

  /// A stream that begins with a snapshot of the execution's tasks, or with all stored events if
  /// there is none.
  private Reply withSnapshot(Request request, Source source, OptionalLong last, LogRange range) {
    long after = last.orElse(0);
    Optional<Snapshot> snapshot =
        log.runs()
            .newestRun(request.caller().namespace(), request.target().part(EXECUTION))
            .filter(_ -> after < range.head())
            .flatMap(run -> snapshots.of(run, after, range.head(), request.abandoned()));
    long from =
        snapshot.map(Snapshot::first).orElse(Math.max(range.oldest(), StreamEvents.after(after)));
    boolean ends = source == Source.DATABASE;
    return stream(
        request,
        from,
        ends ? range.head() : StreamRequest.NO_END,
        ends ? null : endBefore(request, snapshot.isPresent() ? range.head() + 1 : from),
        snapshot.orElse(null),
        range);
  }

  private CompletionStage<Reply> answer(
      Request request, Source source, OptionalLong last, LogRange range) {
    long first = source == Source.LIVE ? range.head() + 1 : range.oldest();
    long from =
        Math.max(range.oldest(), last.isPresent() ? StreamEvents.after(last.getAsLong()) : first);
    if (source == Source.DATABASE) {
      return CompletableFuture.completedFuture(
          stream(request, from, range.head(), null, null, range));
    }
    CompletableFuture<ExecutionEnd> before =
        from == range.oldest()
            ? CompletableFuture.completedFuture(new ExecutionEnd())
            : CompletableFuture.supplyAsync(() -> endBefore(request, from), workers);
    return before.thenApply(end -> stream(request, from, StreamRequest.NO_END, end, null, range));
  }

  private Reply stream(
      Request request,
      long from,
      long endAfter,
      @Nullable ExecutionEnd end,
      @Nullable Snapshot snapshot,
      LogRange range) {
    return new Reply.Stream(
        new StreamRequest(
            execution(request).build(), from, endAfter, end, request.caller(), snapshot),
        StreamEvents.headers(log, range));
  }

  private static EventFilter.Builder execution(Request request) {
    String id = request.target().part(EXECUTION);
    return EventFilter.in(request.caller().namespace()).where(Field.WORKFLOW_EXEC_ID, id);
  }

  /// The end of the execution according to the events before the reader's position. Without it, a
  /// reader who has seen all of them would wait indefinitely.
  private ExecutionEnd endBefore(Request request, long from) {
    ExecutionEnd end = new ExecutionEnd();
    LogRange range = log.range();
    long to = Math.min(from - 1, range.head());
    see(execution(request).types(LIFECYCLE).build(), range.oldest(), to, end);
    if (end.isOver()) {
      see(execution(request).build(), end.lastSequence() + 1, to, end); // what followed its end
    }
    return end;
  }

  private void see(EventFilter filter, long from, long to, ExecutionEnd end) {
    long next = from;
    while (next <= to) {
      next =
          log.readRetained(
              filter,
              next,
              (sequence, event) -> {
                if (sequence > to) {
                  return Verdict.REFUSED;
                }
                end.see(sequence, event);
                return Verdict.TAKEN;
              });
    }
  }
}
